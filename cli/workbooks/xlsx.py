"""Read a workbook (.xlsx) by calamine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.workbooks.merged_cells import covered_cells
from cli.workbooks.tables import DAMAGED, DISPUTED, LOCKED, FileError, Table, missing_library
from cli.workbooks.xlsx_package import Package
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path


def read_xlsx(path: Path) -> list[Table]:
    """Read the sheets of an .xlsx, without charts.

    Raises:
        FileError: it is damaged, locked or too large, or python-calamine is not installed.
    """
    try:
        from python_calamine import (  # noqa: PLC0415 - of the extra `office`
            CalamineError,
            CalamineWorkbook,
            PasswordError,
            SheetTypeEnum,
            SheetVisibleEnum,
        )
    except ImportError:
        raise missing_library("python-calamine") from None
    package = Package(path)
    tables = []
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = book.sheets_metadata
        if [" ".join(one.name.split()) for one in sheets] != package.names:
            raise FileError(DISPUTED)
        for number, one in enumerate(sheets):
            if one.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(number)
            rows = _cells(sheet, one.name)
            found = package.scan(number, rows)
            merged = covered_cells(sheet.merged_cell_ranges or (), rows)
            hidden = one.visible != SheetVisibleEnum.Visible
            tables.append(Table(one.name, one.name, rows, *found, merged, hidden))
    except FileError:
        raise
    except PasswordError:
        raise FileError(LOCKED) from None
    except (CalamineError, ValueError, OSError):
        raise FileError(DAMAGED) from None
    except BaseException as error:
        # A panic of calamine's Rust code is not an `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise FileError(DAMAGED) from None
    finally:
        package.close()
    return tables


def _cells(sheet: Any, name: str) -> list[list[Any]]:
    """Return the cells of a sheet from the first row and column on."""
    try:
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except OverflowError:
        raise FileError(
            Message(
                "sheet {name}: has a number in the format of a date or time that is too large for "
                "one (Excel shows ####); give such cells the format General, then check what they "
                "hold",
                name=name,
            )
        ) from None
    return rows
