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
_WIDEST = 60
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
        self.text = self._style(num_format="@", valign="top")
        self.day = self._style(num_format="yyyy-mm-dd", valign="top")
        self.moment = self._style(num_format="yyyy-mm-dd hh:mm", valign="top")
        self.second = self._style(num_format="yyyy-mm-dd hh:mm:ss", valign="top")
        self.title = self._style(font_size=14, bold=True)
        header = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
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
        top = 0
        if above is not None:
            self.put(sheet, 0, 0, above, self.title)
            top = 1
        widths = [width_of(text) for text in header]
        for column, text in enumerate(header):
            self.put(sheet, top, column, text, self.header)
        written = with_progress(rows, sheet.get_name(), lambda: len(rows))
        for number, row in enumerate(written, top + 1):
            for column, value in enumerate(row):
                self.put(sheet, number, column, value, self.wrapped if column in wide else None)
                if column not in wide and value is not None:
                    widths[column] = max(widths[column], width_of(str(value)))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, _WIDEST if column in wide else min(width, 40) + 3)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, max(top + len(rows), top + 1), len(header) - 1)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def bytes(self) -> bytes:
        """Finish the workbook and return it."""
        with waiting(Message("packing")):
            self.book.close()
        return self._stream.getvalue()
