"""Write a refused import back, with wrong cells coloured and commented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.workbooks.book import Book, clean
from cli.output.workbooks.input_columns import InputColumns, style_of
from cli.output.workbooks.paper import LONG
from cli.workbooks.faults import FaultyTable, faulty_tables
from cli.workbooks.headers import find_header, kind_of, read_header
from ledger.identifiers import redact
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cli.workbooks.tables import Cell, Table
    from ledger.errors import Refusal

_LIST = "错误"
_HEADER = ("文件", "表", "行", "列", "表头", "编号", "字段", "问题")
_COMMENT_LENGTH = 1_000


def errors_workbook(
    files: Mapping[str, Path], refusals: Sequence[Refusal], kinds: Kinds = BUILT_IN
) -> bytes:
    """Return a workbook of all refusals (sheet 错误) and of the files' sheets.

    Identifiers of persons are masked, and columns for personal data come back empty.

    Args:
        files: the files of the import, by the names that refusals give them.
        refusals: of their entries.
        kinds: the kinds of the ledger.
    """
    book = Book("tally")
    book.table(_LIST, _HEADER, map(_row, refusals), wide={7: LONG})
    for one in faulty_tables(files, refusals, kinds):
        if one.table.name != _LIST:
            _write_back(book, one, kinds)
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


def _prefix(field: str) -> str:
    return f"{field.zh if isinstance(field, Bilingual) else word(field)}："


def _write_back(book: Book, faulty: FaultyTable, kinds: Kinds) -> None:
    table = faulty.table
    sheet = book.sheet(table.name)
    faults = faulty.by_cell(chinese, _prefix)
    sheet.set_column(0, max((len(row) for row in table.rows), default=1), 16)
    texts = _prepare_columns(book, sheet, table, kinds)
    for number in range(len(table.rows)):
        for column, value in enumerate(faulty.row(number)):
            messages = faults.pop((number, column), None)
            is_text = column in texts and (isinstance(value, str) or value is None)
            if messages:
                style = book.wrong_text if is_text else book.wrong
                _put_wrong(book, sheet, (number, column), value, style, messages)
            elif value is not None:
                book.put(sheet, number, column, value, book.text if is_text else None)
    for cell, messages in faults.items():
        _put_wrong(book, sheet, cell, None, book.wrong, messages)
    if table.hidden and not faulty.refusals:
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
