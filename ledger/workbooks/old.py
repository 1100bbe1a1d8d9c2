"""What the reader of an .xls does not tell: the cells that hold an error."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ledger.workbooks.package import PackageError

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.workbooks.scanning import Cell

_MESSAGE = "holds an Excel error (such as #N/A); write the value itself"


def look_into_old(path: Path) -> dict[str, dict[Cell, str]]:
    """By sheet, the cells (row, column, from 0) that read as empty and hold an error.

    A file that this reader cannot read is left to the other, which says so.

    Raises:
        PackageError: xlrd is not installed.
    """
    try:
        import xlrd  # noqa: PLC0415 - of the extra `office`
    except ImportError:
        raise PackageError("cannot be read without xlrd: pip install 'tally[office]'") from None
    try:
        book = xlrd.open_workbook(path, logfile=io.StringIO(), ragged_rows=True)
    except Exception:  # noqa: BLE001 - a broken file may raise anything
        return {}
    found: dict[str, dict[Cell, str]] = {}
    for sheet in book.sheets():
        found[sheet.name] = {
            (row, column): _MESSAGE
            for row in range(sheet.nrows)
            for column, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        }
    return found
