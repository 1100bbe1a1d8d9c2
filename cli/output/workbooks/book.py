"""Write workbooks: cells by type, tables with frozen headers, page set-up."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from cli.language.folding import width_of
from cli.output.workbooks.saving import MissingLibraryError
from cli.progress import waiting
from ledger.message import Message
from ledger.progress import with_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_CHARACTERS = 32_767
"""Characters of a cell (a limit of Excel)."""

MOST_ROWS = 1_048_576
"""Rows of a sheet (a limit of Excel)."""

NAME_LENGTH = 31
"""Characters of a sheet's name (a limit of Excel)."""

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_A4 = 9
_WIDEST, _NARROWEST = 60, 8
_PRINTED = 180
"""Characters of a table's width at most: on a landscape A4 they print in 8 points or more."""

_LINE_HEIGHT, _MOST_HEIGHT = 15, 409
"""Points of a line of a cell, and of a row (a limit of Excel)."""

_CUT = "…"


def clean(text: str) -> str:
    """Return a text cut at Excel's limit, without characters that XML forbids."""
    kept = _NOT_IN_XML.sub("\ufffd", text)
    return kept if len(kept) <= MOST_CHARACTERS else kept[: MOST_CHARACTERS - 1] + _CUT


class Book:
    """A workbook in memory; text is never written as a formula or link."""

    def __init__(self, title: str) -> None:
        try:
            import xlsxwriter  # noqa: PLC0415 - of the extra `office`
        except ImportError:
            raise MissingLibraryError("XlsxWriter") from None
        self._stream = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }
        self.book = xlsxwriter.Workbook(self._stream, options)
        self.book.set_properties({"title": title, "author": "tally"})
        self.book.set_size(2400, 1600)
        self._names: set[str] = set()
        self.plain = self._style(valign="top")
        self.wrapped = self._style(text_wrap=True, valign="top")
        self.cell = self._style(text_wrap=True, valign="vcenter", border=1)
        self.number = self._style(valign="vcenter", align="center", border=1)
        self.cell_day = self._style(num_format="yyyy-mm-dd", valign="vcenter", border=1)
        self.cell_moment = self._style(
            num_format="yyyy-mm-dd hh:mm:ss", valign="vcenter", border=1, text_wrap=True
        )
        self.text = self._style(num_format="@", valign="top")
        self.day = self._style(num_format="yyyy-mm-dd", valign="top")
        self.moment = self._style(num_format="yyyy-mm-dd hh:mm", valign="top")
        self.second = self._style(num_format="yyyy-mm-dd hh:mm:ss", valign="top")
        self.title = self._style(font_size=14, bold=True, text_wrap=True, valign="vcenter")
        header = {
            "bold": True,
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
        }
        self.header = self._style(**header, bg_color="#D9E2F3")
        self.required_header = self._style(**header, bg_color="#FCE4D6")
        self.example = self._style(italic=True, font_color="#808080")
        wrong = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        self.wrong = self._style(**wrong)
        self.wrong_text = self._style(**wrong, num_format="@")

    def _style(self, **properties: Any) -> Any:
        return self.book.add_format({"font_name": "宋体", "font_size": 11, **properties})

    def _free_name(self, wanted: str) -> str:
        """Return a sheet name that Excel accepts and that no sheet of this book has yet."""
        base = _NOT_IN_NAMES.sub("_", wanted).strip("' ")[:NAME_LENGTH] or "sheet"
        if base.casefold() == "history":
            base += "_"
        found, number = base, 1
        while found.casefold() in self._names:
            number += 1
            ending = f" ({number})"
            found = base[: NAME_LENGTH - len(ending)] + ending
        self._names.add(found.casefold())
        return found

    def sheet(self, wanted: str) -> Any:
        """Add a sheet, A4."""
        sheet = self.book.add_worksheet(self._free_name(wanted))
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&L&A&C— &P / &N —")
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Any, style: Any = None) -> None:
        """Write a cell by the type of its value, in a style or the type's default."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, style or self.plain)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, style or self.plain)
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, value, style or self.plain)
        elif isinstance(value, datetime):
            has_seconds = bool(value.second or value.microsecond)
            moment = self.second if has_seconds else self.moment
            sheet.write_datetime(row, column, value.replace(tzinfo=None), style or moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style or self.day)
        else:
            sheet.write_string(row, column, clean(str(value)), style or self.plain)

    def table(
        self,
        wanted: str,
        header: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        above: str | None = None,
        wide: Sequence[int] = (),
    ) -> list[Any]:
        """Add a table and return its sheets, several if Excel's rows do not suffice.

        Args:
            wanted: the first sheet's name.
            header: titles of the columns, frozen and printed on each page.
            rows: the cells.
            above: a line over the header.
            wide: columns (from 0) of long texts, to be wrapped.
        """
        sheets: list[Any] = []
        left = iter(rows)
        while (some := list(islice(left, MOST_ROWS - 2))) or not sheets:
            sheets.append(self._table(wanted, header, some, above, wide))
        return sheets

    def _table(
        self,
        wanted: str,
        header: Sequence[str],
        rows: Sequence[Sequence[Any]],
        above: str | None,
        wide: Sequence[int],
    ) -> Any:
        sheet = self.sheet(wanted)
        top = 0 if above is None else 1
        widths = _widths(header, rows, wide)
        if above is not None:
            self._put_title(sheet, above, sum(widths), len(header))
        for column, text in enumerate(header):
            self.put(sheet, top, column, text, self.header)
        written = with_progress(rows, sheet.get_name(), lambda: len(rows))
        for number, row in enumerate(written, top + 1):
            for column, value in enumerate(row):
                self.put(sheet, number, column, value, self._cell_style(value))
            lines = _lines(row, widths)
            if lines > 1:
                sheet.set_row(number, min(lines * _LINE_HEIGHT, _MOST_HEIGHT))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, max(top + len(rows), top + 1), len(header) - 1)
        sheet.repeat_rows(0, top)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _put_title(self, sheet: Any, text: str, width: float, columns: int) -> None:
        """Write a line over the whole table, as high as it has to be."""
        if columns > 1:
            sheet.merge_range(0, 0, 0, columns - 1, "", self.title)
        self.put(sheet, 0, 0, text, self.title)
        # Type of 14 points is wider than the columns' 11.
        lines = 1 + int(width_of(text) * 1.3 / max(width, 1))
        sheet.set_row(0, 20 * lines)

    def _cell_style(self, value: Any) -> Any:
        """Return the style of a cell of a table, all of which have borders."""
        if isinstance(value, int | float | Decimal):
            return self.number
        if isinstance(value, datetime):
            return self.cell_moment
        return self.cell_day if isinstance(value, date) else self.cell

    def bytes(self) -> bytes:
        """Finish the workbook and return it."""
        with waiting(Message("packing")):
            self.book.close()
        return self._stream.getvalue()


def _lines(row: Sequence[Any], widths: Sequence[float]) -> int:
    """Return how many lines the longest text of a row takes in its column.

    Programs that open a workbook find the height of a row themselves, or not, as LibreOffice.
    """
    return max(
        (
            -(-width_of(value) // int(widths[column] - 1))
            for column, value in enumerate(row)
            if isinstance(value, str)
        ),
        default=1,
    )


def _widths(
    header: Sequence[str], rows: Sequence[Sequence[Any]], wide: Sequence[int]
) -> list[float]:
    """Return the widths of columns in characters: together no wider than prints legibly."""
    widths = [min(float(width_of(text)), 12) for text in header]
    for row in rows:
        for column, value in enumerate(row):
            if value is not None:
                shown = 10 if type(value) is date else width_of(str(value))
                widths[column] = max(widths[column], min(shown, _WIDEST))
    most = [_WIDEST if column in wide else 40 for column in range(len(widths))]
    found = [
        max(min(width, bound) + 2, _NARROWEST) for width, bound in zip(widths, most, strict=True)
    ]
    while sum(found) > _PRINTED and max(found) > _NARROWEST:
        # The widest are wrapped first.
        widest = max(found)
        found = [one - 1 if one == widest else one for one in found]
    return found
