"""Files opened as tables: the sheets of a workbook, or a CSV file as its only one."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.workbooks.merging import covered
from cli.workbooks.old import read_old
from cli.workbooks.package import PackageError, damaged, look_into
from ledger.message import Message, message_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cli.workbooks.scanning import Cell

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LONGEST_CELL = 1_000_000
_SEEN = 5_000
"""Characters of a CSV file that say what stands between its cells."""


class Table(NamedTuple):
    """Rows of cells from the first row and column on, empty ones too."""

    name: str
    """The sheet's name, or the file's without its ending."""
    sheet: str | None
    """The sheet's name; None for a CSV file, which has none."""
    rows: Sequence[Sequence[Any]]
    faults: Mapping[Cell, str]
    """Cells (row, column, from 0) that read as empty and are not, with the reason."""
    merged: Mapping[Cell, str]
    """Empty cells that a merged one covers, with what to do about it."""
    hidden: bool
    """Whether its sheet is hidden."""


class FileError(ValueError):
    """A file that cannot be read as what its ending says; the message says why and what to do."""


def open_tables(path: Path) -> list[Table]:
    """The tables of a file, by its ending: `.xlsx`, `.xls` or `.csv`.

    Raises:
        FileError: it is damaged, locked, empty or something else than its ending says.
        OSError: it cannot be read at all.
    """
    with path.open("rb") as stream:
        magic = stream.read(8)
    suffix = path.suffix.lower()
    if not magic:
        raise FileError(Message("is empty: there is no entry in it"))
    if suffix == ".csv":
        return [_csv(path, magic)]
    expected = _ZIP if suffix == ".xlsx" else _OLE
    if not magic.startswith(expected):
        raise FileError(_what_it_is(path, suffix, magic))
    return _old(path) if suffix == ".xls" else _sheets(path)


def _what_it_is(path: Path, suffix: str, magic: bytes) -> str:
    if magic.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            return Message("is protected by a password; save it without one")
        return Message("is no {suffix} workbook but an old .xls; rename it so", suffix=suffix)
    if magic.startswith(_ZIP):
        return Message("is no {suffix} workbook but an .xlsx; rename it so", suffix=suffix)
    if magic.lstrip(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return Message("is no {suffix} workbook but JSONL; rename it .jsonl", suffix=suffix)
    if all(byte in b"\t\r\n" or byte >= 32 for byte in magic):  # noqa: PLR2004 - printable
        return Message("is no {suffix} workbook but text; is it a .csv?", suffix=suffix)
    return damaged()


def _old(path: Path) -> list[Table]:
    try:
        sheets = list(read_old(path))
    except PackageError as error:
        raise FileError(str(error)) from None
    return [
        Table(name, name, rows, faults, covered(merged, rows), hidden)
        for name, rows, faults, merged, hidden in sheets
    ]


def _sheets(path: Path) -> list[Table]:
    try:
        from python_calamine import (  # noqa: PLC0415 - of the extra `office`
            CalamineError,
            CalamineWorkbook,
            PasswordError,
            SheetTypeEnum,
            SheetVisibleEnum,
        )
    except ImportError:
        raise FileError(
            Message(
                "cannot be read without python-calamine; run `pip install '.[office]'` in "
                "tally's source folder"
            )
        ) from None
    try:
        faults = look_into(path)
        book = CalamineWorkbook.from_path(str(path))
        found = []
        for one in book.sheets_metadata:
            if one.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(one.name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = covered(sheet.merged_cell_ranges or (), rows)
            hidden = one.visible != SheetVisibleEnum.Visible
            found.append(Table(one.name, one.name, rows, faults.get(one.name, {}), merged, hidden))
    except PackageError as error:
        raise FileError(message_of(error)) from None
    except PasswordError:
        raise FileError(Message("is protected by a password; save it without one")) from None
    except (CalamineError, ValueError, OSError):
        raise FileError(damaged()) from None
    except BaseException as error:
        # A panic of the reader, which is no `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise FileError(damaged()) from None
    return found


def _csv(path: Path, magic: bytes) -> Table:
    if magic.startswith((_OLE, _ZIP)):
        suffix = ".xls" if magic.startswith(_OLE) else ".xlsx"
        raise FileError(
            Message("is no .csv file but a workbook; rename it {suffix}", suffix=suffix)
        )
    text = _decoded(path.read_bytes())
    # More than the first line: a title may stand above the header, or Excel's own `sep=;`.
    delimiter = max(",\t;", key=text[:_SEEN].count)
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileError(
            Message("row {count}: is no CSV: {error}", count=len(rows) + 1, error=error)
        ) from None
    return Table(path.stem, None, rows, {}, {}, hidden=False)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(Message("is neither UTF-8 nor GB 18030; save it as CSV UTF-8"))
