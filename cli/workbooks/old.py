"""An old .xls, read by xlrd: the reader of .xlsx would lose its errors and die of a damaged one."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.workbooks.package import WORDS, PackageError, damaged
from cli.workbooks.scanning import ERROR
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.workbooks.scanning import Cell

_ERROR = WORDS[ERROR]


class OldSheet(NamedTuple):
    """A sheet as the reader of .xlsx gives one."""

    name: str
    rows: list[list[Any]]
    faults: dict[Cell, str]
    """Cells that hold an error, with what to do about it."""
    merged: list[tuple[Cell, Cell]]
    """First and last cell of each merged one."""
    hidden: bool


def read_old(path: Path) -> Iterator[OldSheet]:
    """The sheets of an .xls.

    Raises:
        PackageError: it is damaged or locked, or xlrd is not installed.
    """
    try:
        import xlrd  # noqa: PLC0415 - of the extra `office`
    except ImportError:
        raise PackageError(
            Message(
                "cannot be read without xlrd; run `pip install '.[office]'` in tally's source "
                "folder"
            )
        ) from None
    try:
        # Only so does it tell of merged cells.
        book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True)
        sheets = [_sheet(sheet, book.datemode) for sheet in book.sheets()]
    except Exception as error:  # noqa: BLE001 - a damaged file may raise anything
        if "encrypted" in str(error):
            raise PackageError(Message("is protected by a password; save it without one")) from None
        raise PackageError(damaged()) from None
    yield from sheets


def _sheet(sheet: Any, datemode: int) -> OldSheet:
    faults: dict[Cell, str] = {}
    rows = []
    for row in range(sheet.nrows):
        cells = sheet.row(row)
        rows.append([_value(cell, datemode) for cell in cells])
        for column, cell in enumerate(cells):
            if cell.ctype == _CTYPE_ERROR:
                faults[row, column] = _ERROR
    merged = [
        ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
    ]
    return OldSheet(sheet.name, rows, faults, merged, sheet.visibility != 0)


_CTYPE_TEXT, _CTYPE_NUMBER, _CTYPE_DATE, _CTYPE_BOOLEAN, _CTYPE_ERROR = 1, 2, 3, 4, 5


def _value(cell: Any, datemode: int) -> Any:
    if cell.ctype == _CTYPE_DATE:
        return _moment(cell.value, datemode)
    if cell.ctype == _CTYPE_BOOLEAN:
        return bool(cell.value)
    return cell.value if cell.ctype in {_CTYPE_TEXT, _CTYPE_NUMBER} else ""


def _moment(value: float, datemode: int) -> date | datetime | time | float:
    """A day where its time is midnight, a time alone where it has no day; else both."""
    import xlrd  # noqa: PLC0415 - of the extra `office`

    try:
        found: datetime = xlrd.xldate.xldate_as_datetime(value, datemode)
    except (OverflowError, ValueError, xlrd.xldate.XLDateError):
        return value
    if 0 <= value < 1:
        return found.time()
    return found.date() if found.time() == time() else found
