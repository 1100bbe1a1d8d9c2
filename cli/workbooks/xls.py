"""Read an old workbook (.xls) by xlrd.

The reader of .xlsx would lose error cells, and end the process on some damaged files.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from cli.workbooks.merged_cells import covered_cells
from cli.workbooks.number_formats import BUILT_IN, GENERAL
from cli.workbooks.tables import (
    CONDITIONAL,
    DAMAGED,
    DEPENDENT,
    EXCEL_ERROR,
    LOCKED,
    MARKED,
    NO_RESULT,
    VOLATILE,
    FileError,
    Table,
    missing_library,
)
from cli.workbooks.xls_records import read_records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli.workbooks.xls_records import SheetRecords

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
"""Types of cells in xlrd."""

_CALCULATED = b"\xc1\x01\x08\x00"
"""Begins the record with which Excel says by which version the results were calculated
(RecalcId, [MS-XLS] 2.4.215). Without it an empty text is a formula that never was."""


def read_xls(path: Path) -> list[Table]:
    """Read the sheets of an .xls.

    Raises:
        FileError: it is damaged or locked, or xlrd is not installed.
    """
    try:
        import xlrd  # noqa: PLC0415 - of the extra `office`
    except ImportError:
        raise missing_library("xlrd") from None
    try:
        # xlrd reads merged cells only with `formatting_info`.
        book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True)
        content = path.read_bytes()
        is_calculated = _CALCULATED in content
        records = read_records(content)
        has_changing = records.has_links or any(one.volatile for one in records.sheets)
        formats = [_format(book, xf.format_key) for xf in book.xf_list]
        marked = [_is_marked(book.font_list[xf.font_index]) for xf in book.xf_list]
        return [
            _with_records(
                _table(sheet, book, formats, marked, is_calculated=is_calculated),
                one,
                has_changing=has_changing,
            )
            for sheet, one in zip(book.sheets(), records.sheets, strict=True)
        ]
    except Exception as error:  # noqa: BLE001 - a damaged file may raise anything
        raise FileError(LOCKED if "encrypted" in str(error) else DAMAGED) from None


def _format(book: Any, number: int) -> str:
    known: str = book.format_map[number].format_str
    return BUILT_IN.get(number, GENERAL) if known == GENERAL else known


def _is_marked(font: Any) -> bool:
    """Return whether a font strikes out, raises or lowers its text."""
    return bool(font.struck_out or font.escapement)


def _table(
    sheet: Any, book: Any, formats: Sequence[str], marked: Sequence[bool], *, is_calculated: bool
) -> Table:
    rows, faults, of_cells = [], {}, {}
    marked_runs = {
        place
        for place, runs in sheet.rich_text_runlist_map.items()
        if any(_is_marked(book.font_list[font]) for _, font in runs)
    }
    for number in range(sheet.nrows):
        cells = sheet.row(number)
        rows.append([_value(cell, book.datemode) for cell in cells])
        for at, cell in enumerate(cells):
            if cell.ctype == _ERROR:
                faults[number, at] = EXCEL_ERROR
            elif cell.ctype == _TEXT and not cell.value and not is_calculated:
                faults[number, at] = NO_RESULT
            elif cell.value != "" and (marked[cell.xf_index] or (number, at) in marked_runs):
                faults[number, at] = MARKED
            elif cell.value != "" and formats[cell.xf_index] != GENERAL:
                of_cells[number, at] = formats[cell.xf_index]
    ranges = [
        ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
    ]
    hidden, merged = sheet.visibility != 0, covered_cells(ranges, rows)
    return Table(sheet.name, sheet.name, rows, faults, of_cells, merged, hidden)


def _with_records(table: Table, records: SheetRecords, *, has_changing: bool) -> Table:
    """Return a table with the faults of formulas that change, and of conditional formats.

    Args:
        table: the table.
        records: what the records of the sheet say.
        has_changing: whether a cell of the workbook changes, on which a formula may depend.
    """
    faults = dict(table.faults)
    for cells, fault in (
        (records.volatile, VOLATILE),
        (records.formulas if has_changing else (), DEPENDENT),
    ):
        for cell in cells:
            faults.setdefault(cell, fault)
    for (top, left), (bottom, right) in records.reformatted:
        for row in range(top, min(bottom + 1, len(table.rows))):
            for column in range(left, min(right + 1, len(table.rows[row]))):
                if table.rows[row][column] != "":
                    faults.setdefault((row, column), CONDITIONAL)
    return table._replace(faults=faults)


def _value(cell: Any, datemode: int) -> Any:
    if cell.ctype == _DATE:
        return _moment(cell.value, datemode)
    if cell.ctype == _BOOLEAN:
        return bool(cell.value)
    return cell.value if cell.ctype in {_TEXT, _NUMBER} else ""


def _moment(value: float, datemode: int) -> date | datetime | time | float:
    """Return a date if the time is midnight, a time if there is no day, else both."""
    import xlrd  # noqa: PLC0415 - of the extra `office`

    try:
        found: datetime = xlrd.xldate.xldate_as_datetime(value, datemode)
    except (OverflowError, ValueError, xlrd.xldate.XLDateError):
        return value
    if 0 <= value < 1:
        return found.time()
    return found.date() if found.time() == time() else found
