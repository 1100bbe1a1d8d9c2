"""A workbook in the making: sheets with frozen headers and print set-up; text stays text."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cli.language.folding import width_of
from cli.output.workbooks.saving import MissingPartError
from cli.progress import waiting
from ledger.message import Message
from ledger.progress import with_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_CHARACTERS = 32_767
"""Of one cell, by Excel's own limit."""

MOST_ROWS = 1_048_576
"""Of one sheet, by Excel's own limit."""

NAME_LENGTH = 31
"""Of a sheet's name, by Excel's own limit."""

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_A4 = 9
_WIDEST = 60
_CUT = "…"


def clean(text: str) -> str:
    """A text as a cell can hold it: cut at Excel's limit, without what XML cannot say."""
    kept = _NOT_IN_XML.sub("\ufffd", text)
    return kept if len(kept) <= MOST_CHARACTERS else kept[: MOST_CHARACTERS - 1] + _CUT


class Book:
    """A workbook that is written to memory; `bytes()` finishes it."""

    def __init__(self, title: str) -> None:
        try:
            import xlsxwriter  # noqa: PLC0415 - of the extra `office`
        except ImportError:
            raise MissingPartError("XlsxWriter") from None
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
        font = {"font_name": "宋体", "font_size": 11}
        self.plain = self.book.add_format({**font, "valign": "top"})
        self.wrapped = self.book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.text = self.book.add_format({**font, "num_format": "@", "valign": "top"})
        self.day = self.book.add_format({**font, "num_format": "yyyy-mm-dd", "valign": "top"})
        self.moment = self.book.add_format(
            {**font, "num_format": "yyyy-mm-dd hh:mm", "valign": "top"}
        )
        self.second = self.book.add_format(
            {**font, "num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}
        )
        self.title = self.book.add_format({"font_name": "宋体", "font_size": 14, "bold": True})
        header = {**font, "bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.header = self.book.add_format({**header, "bg_color": "#D9E2F3"})
        self.needed = self.book.add_format({**header, "bg_color": "#FCE4D6"})
        self.example = self.book.add_format({**font, "italic": True, "font_color": "#808080"})
        wrong = {**font, "bg_color": "#FFC7CE", "font_color": "#9C0006"}
        self.wrong = self.book.add_format(wrong)
        self.wrong_text = self.book.add_format({**wrong, "num_format": "@"})

    def name(self, wanted: str) -> str:
        """A name that Excel takes for a sheet, none like it being there yet."""
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
        """A new sheet, A4."""
        sheet = self.book.add_worksheet(self.name(wanted))
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&L&A&C— &P / &N —")
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Any, form: Any = None) -> None:
        """One cell: a number as a number, a date as a date, a text never as anything else."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, form or self.plain)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, form or self.plain)
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, value, form or self.plain)
        elif isinstance(value, datetime):
            has_seconds = bool(value.second or value.microsecond)
            moment = self.second if has_seconds else self.moment
            sheet.write_datetime(row, column, value.replace(tzinfo=None), form or moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, form or self.day)
        else:
            sheet.write_string(row, column, clean(str(value)), form or self.plain)

    def table(
        self,
        wanted: str,
        header: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        above: str | None = None,
        wide: Sequence[int] = (),
    ) -> list[Any]:
        """Sheets of one table, further ones where Excel's rows do not suffice; gives them.

        Args:
            wanted: the first sheet's name.
            header: of the columns; it is frozen and printed on each page.
            rows: the cells.
            above: a line over the header.
            wide: columns (from 0) of long texts, which are wrapped.
        """
        sheets: list[Any] = []
        given = iter(rows)
        while (chunk := list(self._some(given))) or not sheets:
            sheets.append(self._table(wanted, header, chunk, above, wide))
        return sheets

    @staticmethod
    def _some(rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        for _ in range(MOST_ROWS - 2):
            row = next(rows, None)
            if row is None:
                return
            yield row

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
        """The finished workbook."""
        with waiting(Message("packing")):
            self.book.close()
        return self._stream.getvalue()
