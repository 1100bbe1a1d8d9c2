"""A column to fill in: header with its meaning as a note, format, width, drop-down list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import both, chinese, word
from cli.language.folding import width_of
from cli.output.workbooks.book import MOST_ROWS
from cli.workbooks.words import NO, YES
from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.workbooks.book import Book
    from cli.workbooks.columns import Column

_LIST_LENGTH = 255
"""Characters that Excel allows a drop-down list that is written out."""

_NOTE_WIDTH, _NOTE_LINES = 34, 5
"""Of a note's box at the size it is made: columns and lines that it shows."""

_MOST_UNITS = 10_000


class Lists:
    """The drop-down lists, on a hidden sheet where they are too long to be written out."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[tuple[str, ...], str] = {}

    def source(self, words: tuple[str, ...]) -> list[str] | str:
        """What a drop-down list of these words is made from."""
        if len(",".join(words)) <= _LIST_LENGTH and not any("," in word for word in words):
            return list(words)
        if words not in self._known:
            column = chr(ord("A") + len(self._known))
            self._known[words] = f"=选项!${column}$1:${column}${len(words)}"
        return self._known[words]

    def finish(self) -> None:
        """Writes the hidden sheet."""
        sheet = self._book.sheet("选项")
        for column, words in enumerate(self._known):
            for row, text in enumerate(words):
                self._book.put(sheet, row, column, text, self._book.text)
        sheet.hide()


def choices(column: Column, units: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The words that a column's drop-down list offers; none where it has no list."""
    if column.choices:
        return tuple(map(word, column.choices))
    if column.type == "flag":
        return YES, NO
    if column.refers_to == "unit" and column.type != "list":
        return tuple(f"{unit} {name}" for unit, name in units)
    return ()


def _note(column: Column, words: tuple[str, ...]) -> str:
    needed = "必填" if column.required else "可空"
    lines = [f"{column.title}（{needed}） {column.field}", chinese(column.description)]
    if column.refers_to is not None:
        lines.append(f"填{BY_KIND[column.refers_to].TITLE}的编号")
    if column.choices:
        lines.append("、".join(map(both, column.choices)))
    elif column.type == "flag":
        lines.append("、".join(words))
    return "\n".join(lines)


def form_of(book: Book, column: Column) -> Any:
    """The format of a column's cells: dates as dates, numbers as numbers, all else as text."""
    forms = {"day": book.day, "moment": book.moment, "whole": book.plain, "decimal": book.plain}
    return forms.get(column.type, book.text)


def set_width(book: Book, sheet: Any, at: int, column: Column, words: tuple[str, ...]) -> None:
    """A column's format, as wide as its header and its words need."""
    form = form_of(book, column)
    longest = max((width_of(word) for word in words), default=0)
    width = max(width_of(column.title) + 4, longest + 4, 18 if form is book.moment else 12)
    sheet.set_column(at, at, min(width, 40), form)


def put_header(
    book: Book, sheet: Any, row: int, at: int, column: Column, words: tuple[str, ...]
) -> None:
    """A column's header, with its meaning as a note that shows whole."""
    book.put(sheet, row, at, column.title, book.needed if column.required else book.header)
    note = _note(column, words)
    lines = sum(max(1, -(-width_of(line) // _NOTE_WIDTH)) for line in note.split("\n"))
    tall = 1.4 * max(1.0, lines / _NOTE_LINES)
    sheet.write_comment(row, at, note, {"x_scale": 2, "y_scale": tall})


def validate(
    sheet: Any,
    first: int,
    at: int,
    column: Column,
    lists: Lists,
    words: tuple[str, ...],
    units: Sequence[tuple[str, str]],
) -> None:
    """A column's drop-down list, from a row on; of units that stand on their own sheet too."""
    source: list[str] | str | None = lists.source(words) if words else None
    if source is None and column.refers_to == "unit" and column.type != "list" and not units:
        source = f"=单位!$A$2:$A${_MOST_UNITS}"
    if source is None:
        return
    rule = {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        # A unit's bare number is as good as what the list offers, and a new one may be meant.
        "error_type": "warning" if column.refers_to else "stop",
        "error_title": column.title[:32],
        "error_message": "请从下拉列表中选择",
    }
    sheet.data_validation(first, at, MOST_ROWS - 1, at, rule)
