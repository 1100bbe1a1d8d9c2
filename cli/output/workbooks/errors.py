"""Write a refused import back, with wrong cells coloured and commented."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.workbooks.book import Book, clean
from cli.output.workbooks.input_columns import InputColumns, style_of
from cli.workbooks.headers import find_header, kind_of, read_header
from cli.workbooks.opening import open_tables
from cli.workbooks.personal_data import names_personal_data
from cli.workbooks.tables import FileError, column_index
from ledger.identifiers import redact
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from cli.workbooks.tables import Cell, Table
    from ledger.errors import Refusal

TABLES = frozenset({".xlsx", ".xls", ".csv"})
"""Suffixes of files whose rows are written back."""

_LIST = "错误"
_HEADER = ("文件", "表", "行", "列", "表头", "编号", "字段", "问题")
_COMMENT_LENGTH = 1_000


def errors_workbook(
    files: Iterable[Path], refusals: Sequence[Refusal], kinds: Kinds = BUILT_IN
) -> bytes:
    """Return a workbook of all refusals (sheet 错误) and of the files' sheets.

    Identifiers of persons are masked, and columns for personal data come back empty.

    Args:
        files: the files of the import.
        refusals: of their entries.
        kinds: the kinds of the ledger.
    """
    book = Book("tally")
    book.table(_LIST, _HEADER, map(_row, refusals), wide=(7,))
    for path in files:
        if path.suffix.lower() not in TABLES:
            continue
        try:
            tables = open_tables(path, kinds)
        except (OSError, FileError):
            continue
        own = [refusal for refusal in refusals if refusal.file == str(path)]
        for table in tables:
            if table.name != _LIST:
                of_table = [one for one in own if one.sheet == table.sheet]
                _write_back(book, table, of_table, kinds)
    return book.bytes()


def _row(refusal: Refusal) -> tuple[Any, ...]:
    masked = refusal.as_json()
    return (
        refusal.file,
        refusal.sheet,
        refusal.line,
        refusal.column,
        masked.get("header"),
        masked["id"],
        masked["field"],
        redact(chinese(refusal.message)),
    )


def _faults_by_cell(table: Table, refusals: Iterable[Refusal]) -> dict[Cell, list[str]]:
    """Return what is wrong with each cell; of a whole row, at its first filled cell."""
    found: dict[Cell, list[str]] = {}
    for refusal in refusals:
        row = 0 if refusal.line is None else refusal.line - 1
        cells = table.rows[row] if row < len(table.rows) else ()
        first = next((at for at, cell in enumerate(cells) if cell not in ("", None)), 0)
        column = first if refusal.column is None else column_index(refusal.column)
        named = refusal.field
        field = named.zh if isinstance(named, Bilingual) else word(named or "")
        shown = "" if refusal.column or not named else f"{field}："
        message = redact(f"{shown}{chinese(refusal.message)}")
        found.setdefault((row, column), []).append(message)
    return found


def _write_back(book: Book, table: Table, refusals: Sequence[Refusal], kinds: Kinds) -> None:
    sheet = book.sheet(table.name)
    faults = _faults_by_cell(table, refusals)
    personal = {
        column_index(one.column): one.line or 0
        for one in refusals
        if one.column and one.header and not one.id and names_personal_data(one.header)
    }
    sheet.set_column(0, max((len(row) for row in table.rows), default=1), 16)
    texts = _prepare_columns(book, sheet, table, kinds)
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            hidden = column in personal and number >= personal[column]
            value = None if hidden else _masked(cell)
            messages = faults.pop((number, column), None)
            is_text = column in texts and (isinstance(value, str) or value is None)
            if messages:
                style = book.wrong_text if is_text else book.wrong
                _put_wrong(book, sheet, (number, column), value, style, messages)
            elif value is not None:
                book.put(sheet, number, column, value, book.text if is_text else None)
    for cell, messages in faults.items():
        _put_wrong(book, sheet, cell, None, book.wrong, messages)
    if table.hidden and not refusals:
        sheet.hide()


def _put_wrong(
    book: Book, sheet: Any, cell: Cell, value: Any, style: Any, messages: list[str]
) -> None:
    book.put(sheet, *cell, value, style)
    comment = clean("\n".join(messages))[:_COMMENT_LENGTH]
    sheet.write_comment(*cell, comment, {"x_scale": 2.5, "author": "tally"})


def _prepare_columns(book: Book, sheet: Any, table: Table, kinds: Kinds) -> frozenset[int]:
    """Give a sheet the styles and drop-down lists of the template.

    Returns:
        The columns of text, so that an id typed there is not turned into a date or number.
    """
    kind = kind_of(table.name, kinds, prefix=table.sheet is None)
    found = find_header(table.rows, kind, kinds)
    if kind is None or found is None:
        return frozenset()
    header, _ = read_header(*found, kind, kinds)
    columns = header.columns.get(kind, {}) if header.kind_column is None else {}
    inputs = InputColumns(book, (), kinds)
    for at, column in columns.items():
        inputs.set_style(sheet, at, column)
        if column.refers_to is None:
            inputs.add_list(sheet, header.row + 1, at, column)
    sheet.freeze_panes(header.row + 1, 0)
    return frozenset(at for at, column in columns.items() if style_of(book, column) is book.text)


def _masked(cell: Any) -> Any:
    """Return a cell's value without identifiers of persons; None for an empty cell."""
    if isinstance(cell, str):
        return redact(cell) if cell else None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = format(cell, ".0f")
        return redact(text) if redact(text) != text else cell
    return str(cell) if isinstance(cell, timedelta) else cell
