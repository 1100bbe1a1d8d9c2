"""What an import had against its files, as a workbook: wrong cells coloured and commented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.workbooks.book import MOST_CHARACTERS, Book, clean
from cli.output.workbooks.dressing import Lists, choices, form_of, set_width, validate
from cli.workbooks.headers import find_header, kind_of, read_header
from cli.workbooks.persons import carries_a_person
from cli.workbooks.tables import FileError, open_tables
from ledger.identifiers import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from cli.workbooks.scanning import Cell
    from cli.workbooks.tables import Table
    from ledger.errors import Refusal

    ByCell = dict[Cell, list[str]]

TABLES = frozenset({".xlsx", ".xls", ".csv"})
"""Endings of files whose rows are given back."""
_HEADER = ("文件", "表", "行", "列", "表头", "编号", "字段", "问题")
_COMMENT_LENGTH = 1_000


def errors_workbook(files: Iterable[Path], refusals: Sequence[Refusal]) -> bytes:
    """The sheets of the files as they were handed in, and a sheet `错误` of all refusals.

    Identifiers of a person are masked, and columns that carry one come back empty.
    """
    book = Book("tally")
    book.table("错误", _HEADER, [_row(refusal) for refusal in refusals], wide=(7,))
    for path in files:
        if path.suffix.lower() not in TABLES:
            continue
        try:
            tables = open_tables(path)
        except (OSError, FileError):
            continue
        for table in tables:
            own = [
                refusal
                for refusal in refusals
                if refusal.file == str(path) and refusal.sheet == table.sheet
            ]
            if table.name != "错误":
                _give_back(book, table, own)
    return book.bytes()


def _row(refusal: Refusal) -> tuple[Any, ...]:
    told = refusal.as_json()
    return (
        refusal.file,
        refusal.sheet,
        refusal.line,
        refusal.column,
        told.get("header"),
        told["id"],
        told["field"],
        redact(chinese(refusal.message)),
    )


def _place(letters: str) -> int:
    index = 0
    for ch in letters:
        index = index * 26 + ord(ch) - 64
    return index - 1


def _by_cell(table: Table, refusals: Iterable[Refusal]) -> ByCell:
    """What is wrong with each cell; with a whole row, at its first cell."""
    found: ByCell = {}
    for refusal in refusals:
        row = 0 if refusal.line is None else refusal.line - 1
        cells = table.rows[row] if row < len(table.rows) else ()
        first = next((at for at, cell in enumerate(cells) if cell not in ("", None)), 0)
        column = first if refusal.column is None else _place(refusal.column)
        field = "" if refusal.column or not refusal.field else f"{word(refusal.field)}："
        words = redact(f"{field}{chinese(refusal.message)}")
        found.setdefault((row, column), []).append(words)
    return found


def _give_back(book: Book, table: Table, refusals: Sequence[Refusal]) -> None:
    sheet = book.sheet(table.name)
    wrong = _by_cell(table, refusals)
    persons = {
        _place(one.column): one.line or 0
        for one in refusals
        if one.column and one.header and not one.id and carries_a_person(one.header)
    }
    sheet.set_column(0, max((len(row) for row in table.rows), default=1), 16)
    texts = _dress(book, sheet, table)
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            hidden = column in persons and number >= persons[column]
            value = None if hidden else _shown(cell)
            told = wrong.pop((number, column), None)
            if value is not None or told:
                is_text = column in texts and (isinstance(value, str) or value is None)
                form = book.text if is_text else None
                if told:
                    form = book.wrong_text if is_text else book.wrong
                book.put(sheet, number, column, value, form)
            if told:
                _comment(sheet, number, column, told)
    for (number, column), told in wrong.items():
        book.put(sheet, number, column, None, book.wrong)
        _comment(sheet, number, column, told)
    if table.hidden and not refusals:
        sheet.hide()


def _dress(book: Book, sheet: Any, table: Table) -> frozenset[int]:
    """Formats and drop-down lists as the template has them, so that it is mended as it was filled.

    Gives the columns of text: an id typed into them stays one, and becomes no date.
    """
    kind, found = kind_of(table.name, prefix=table.sheet is None), find_header(table.rows)
    if kind is None or found is None:
        return frozenset()
    header, _ = read_header(*found, kind)
    columns = header.columns.get(kind, {}) if header.kind_column is None else {}
    lists = Lists(book)
    for at, column in columns.items():
        words = choices(column, ())
        set_width(book, sheet, at, column, words)
        if column.refers_to is None:
            validate(sheet, header.row + 1, at, column, lists, words, ())
    sheet.freeze_panes(header.row + 1, 0)
    return frozenset(at for at, column in columns.items() if form_of(book, column) is book.text)


def _shown(cell: Any) -> Any:
    if isinstance(cell, str):
        return redact(cell) if cell else None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = format(cell, ".0f")
        return redact(text) if redact(text) != text else cell
    return cell if not hasattr(cell, "total_seconds") else str(cell)


def _comment(sheet: Any, row: int, column: int, told: list[str]) -> None:
    text = clean("\n".join(told))[: min(_COMMENT_LENGTH, MOST_CHARACTERS)]
    sheet.write_comment(row, column, text, {"x_scale": 2.5, "author": "tally"})
