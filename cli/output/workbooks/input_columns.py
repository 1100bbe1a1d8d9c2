"""Columns to fill in: header with a note, style, width and drop-down list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese
from cli.language.folding import width_of
from cli.output.workbooks.book import MOST_ROWS
from cli.workbooks.words import NO, YES
from ledger.kinds import BUILT_IN, Kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.workbooks.book import Book
    from cli.workbooks.columns import Column

_LIST_LENGTH = 255
"""Characters of a drop-down list written into its cells' rule, at most (a limit of Excel)."""

_NOTE_WIDTH, _NOTE_LINES = 34, 5
"""Columns and lines of text that a note of the size `x_scale` 2, `y_scale` 1.4 shows."""

_MOST_UNITS = 10_000


def style_of(book: Book, column: Column) -> Any:
    """Return a column's style: dates and numbers as such, all else as text."""
    styles = {"day": book.day, "moment": book.moment, "whole": book.plain, "decimal": book.plain}
    return styles.get(column.type, book.text)


class InputColumns:
    """Write columns to fill in; long drop-down lists go to a hidden sheet."""

    def __init__(
        self, book: Book, units: Sequence[tuple[str, str]] = (), kinds: Kinds = BUILT_IN
    ) -> None:
        """Write to a book.

        Args:
            book: the workbook.
            units: ids and names of the units to choose from.
            kinds: the kinds of the ledger.
        """
        self._book, self._units, self._kinds = book, units, kinds
        self._ranges: dict[tuple[str, ...], str] = {}

    def set_style(self, sheet: Any, at: int, column: Column) -> float:
        """Set a column's style, and a width for its header and the choices, which is returned."""
        style = style_of(self._book, column)
        longest = max(map(width_of, self._choices(column)), default=0)
        least = 18 if style is self._book.moment else 12
        width = min(max(width_of(column.title) + 4, longest + 4, least), 40)
        sheet.set_column(at, at, width, style)
        return width

    def put_header(self, sheet: Any, row: int, at: int, column: Column) -> None:
        """Write a column's header, with a note large enough to show its whole text."""
        style = self._book.required_header if column.required else self._book.header
        self._book.put(sheet, row, at, column.title, style)
        note = self._note(column)
        lines = sum(max(1, -(-width_of(line) // _NOTE_WIDTH)) for line in note.split("\n"))
        tall = 1.4 * max(1.0, lines / _NOTE_LINES)
        sheet.write_comment(row, at, note, {"x_scale": 2, "y_scale": tall})

    def add_list(self, sheet: Any, first: int, at: int, column: Column) -> None:
        """Add a column's drop-down list to its cells from the row `first` on.

        Units that are not known yet are taken from the sheet 单位 of the same workbook.
        """
        words = self._choices(column)
        source: list[str] | str | None = self._source(words) if words else None
        if source is None and _names_unit(column) and not self._units:
            source = f"=单位!$A$2:$A${_MOST_UNITS}"
        if source is None:
            return
        rule = {
            "validate": "list",
            "source": source,
            "ignore_blank": True,
            # Warn only: the bare id of a unit is accepted too, and so is a new unit's.
            "error_type": "warning" if column.refers_to else "stop",
            "error_title": column.title[:32],
            "error_message": "请从下拉列表中选择",
        }
        sheet.data_validation(first, at, MOST_ROWS - 1, at, rule)

    def finish(self) -> None:
        """Write the hidden sheet."""
        sheet = self._book.sheet("选项")
        for column, words in enumerate(self._ranges):
            for row, text in enumerate(words):
                self._book.put(sheet, row, column, text, self._book.text)
        sheet.hide()

    def _choices(self, column: Column) -> tuple[str, ...]:
        """Return the words of a column's drop-down list, or none."""
        if column.choices:
            return tuple(map(column.word, column.choices))
        if column.type == "flag":
            return YES, NO
        return tuple(f"{unit} {name}" for unit, name in self._units if _names_unit(column))

    def _source(self, words: tuple[str, ...]) -> list[str] | str:
        """Return the words, or their range on the hidden sheet if they are too long."""
        if len(",".join(words)) <= _LIST_LENGTH and not any("," in word for word in words):
            return list(words)
        if words not in self._ranges:
            column = chr(ord("A") + len(self._ranges))
            self._ranges[words] = f"=选项!${column}$1:${column}${len(words)}"
        return self._ranges[words]

    def _note(self, column: Column) -> str:
        needed = "必填" if column.required else "可空"
        lines = [f"{column.title}（{needed}） {column.field}"]
        meaning = chinese(column.description)
        if meaning != column.title:
            lines.append(meaning)
        if column.refers_to is not None:
            lines.append(f"填{self._kinds.title(column.refers_to)}的编号")
        if column.choices:
            lines.append("、".join(map(column.both, column.choices)))
        elif column.type == "flag":
            lines.append(f"{YES}、{NO}")
        return "\n".join(lines)


def _names_unit(column: Column) -> bool:
    """Return whether a cell of a column names one unit."""
    return column.refers_to == "unit" and column.type != "list"
