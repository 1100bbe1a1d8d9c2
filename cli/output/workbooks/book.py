"""Write workbooks: cells by type, tables with frozen headers, page set-up."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cli.language.folding import width_of
from cli.output.workbooks.paper import SCALE, TYPE, Layout, height, laid_out
from cli.output.workbooks.saving import MissingLibraryError
from cli.progress import waiting
from ledger.message import Message
from ledger.progress import with_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_CHARACTERS = 32_767
"""Characters of a cell (a limit of Excel)."""

MOST_ROWS = 1_048_576
"""Rows of a sheet (a limit of Excel)."""

NAME_LENGTH = 31
"""Characters of a sheet's name (a limit of Excel)."""

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_A4 = 9
_MARGIN, _TOP, _BOTTOM = 0.39, 0.47, 0.55
"""Inches of the margins of a page: 10, 12 and 14 mm, the last with the number of the page."""

_DIGIT_COLUMN, _ROW = 72, 20
"""Pixels of an empty column and row in 宋体, whose digits are 8 pixels wide."""

_DAY = 'yyyy"年"m"月"d"日"'
_EMPTY, _NAME = "无", "名称"

_CUT = "…"


def clean(text: str) -> str:
    """Return a text cut at Excel's limit, without characters that XML forbids."""
    kept = _NOT_IN_XML.sub("\ufffd", text)
    return kept if len(kept) <= MOST_CHARACTERS else kept[: MOST_CHARACTERS - 1] + _CUT


def set_page(sheet: Any, layout: Layout, head: int, kept: int = 1) -> None:
    """Set how a sheet is printed; what does not fit beside the rest goes on on further pages.

    Args:
        sheet: the sheet.
        layout: of its columns.
        head: the last row (from 0) of the head, which each page has.
        kept: the last column (from 0) that each page has too.
    """
    sheet.repeat_rows(0, head)
    if layout.lying:
        sheet.set_landscape()
    if layout.split:
        sheet.set_print_scale(SCALE)
        sheet.repeat_columns(0, kept)
    else:
        sheet.fit_to_pages(1, 0)


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
            "default_format_properties": {"font_name": "宋体", "font_size": TYPE},
            "default_column_width": _DIGIT_COLUMN,
            "default_row_height": _ROW,
        }
        self.book = xlsxwriter.Workbook(self._stream, options)
        self.book.set_properties({"title": title, "author": "tally"})
        self.book.set_size(2400, 1600)
        self._names: set[str] = set()
        self.plain = self._style(valign="top")
        self.wrapped = self._style(text_wrap=True, valign="top")
        self.cell = self._style(text_wrap=True, valign="vcenter", border=1)
        self.number = self._style(valign="vcenter", align="center", border=1)
        self.cell_day = self._style(num_format=_DAY, valign="vcenter", border=1)
        self.cell_moment = self._style(
            num_format=f"{_DAY} hh:mm", valign="vcenter", border=1, text_wrap=True
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
        return self.book.add_format({"font_name": "宋体", "font_size": TYPE, **properties})

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
        sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_TOP, bottom=_BOTTOM)
        sheet.set_footer("&L&A&C— &P / &N —", {"margin": 0.2})
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
        wide: Mapping[int, int] = MappingProxyType({}),
    ) -> list[Any]:
        """Add a table and return its sheets, several if Excel's rows do not suffice.

        On paper it has borders, its heads on each page and type of 9 points or more.

        Args:
            wanted: the first sheet's name.
            header: titles of the columns, frozen and printed on each page.
            rows: the cells.
            above: a line over the header.
            wide: by column (from 0) of longer texts, its characters at most.
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
        wide: Mapping[int, int],
    ) -> Any:
        sheet = self.sheet(wanted)
        top = 0 if above is None else 1
        rows = rows or [[_EMPTY, *([None] * (len(header) - 1))]]
        layout = laid_out(header, rows, wide)
        widths = layout.widths
        if above is not None:
            self._put_title(sheet, above, sum(widths), len(header))
        for column, text in enumerate(header):
            self.put(sheet, top, column, text, self.header)
        sheet.set_row(top, height(header, widths))
        written = with_progress(rows, sheet.get_name(), lambda: len(rows))
        for number, row in enumerate(written, top + 1):
            for column, value in enumerate(row):
                self.put(sheet, number, column, value, self._cell_style(value))
            sheet.set_row(number, height(row, widths))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, top + len(rows), len(header) - 1)
        set_page(sheet, layout, top, header.index(_NAME) if _NAME in header[:3] else 1)
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
