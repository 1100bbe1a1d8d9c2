"""Read an old workbook (.xls) by xlrd.

The reader of .xlsx would lose error cells, and end the process on some damaged files.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from cli.workbooks.merged_cells import covered_cells
from cli.workbooks.tables import DAMAGED, LOCKED, FileError, Table, missing_library
from cli.workbooks.xlsx_scan import EXCEL_ERROR

if TYPE_CHECKING:
    from pathlib import Path

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
"""Types of cells in xlrd."""


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
        return [_table(sheet, book.datemode) for sheet in book.sheets()]
    except Exception as error:  # noqa: BLE001 - a damaged file may raise anything
        raise FileError(LOCKED if "encrypted" in str(error) else DAMAGED) from None


def _table(sheet: Any, datemode: int) -> Table:
    cells = [sheet.row(number) for number in range(sheet.nrows)]
    rows = [[_value(cell, datemode) for cell in row] for row in cells]
    faults = {
        (number, at): EXCEL_ERROR
        for number, row in enumerate(cells)
        for at, cell in enumerate(row)
        if cell.ctype == _ERROR
    }
    ranges = [
        ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
    ]
    hidden = sheet.visibility != 0
    return Table(sheet.name, sheet.name, rows, faults, covered_cells(ranges, rows), hidden)


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
