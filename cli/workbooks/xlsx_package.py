"""Check the parts of an .xlsx before it is read: sizes, errors, formulas."""

from __future__ import annotations

import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from cli.workbooks.tables import DAMAGED, FileError, column_index
from cli.workbooks.xlsx_scan import faulty_cells
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.workbooks.tables import Cell

MOST_BYTES = 600_000_000
"""Bytes of a workbook unpacked; a full sheet of a million rows has fewer."""

MOST_CELLS = 30_000_000
"""Rows by columns of a sheet: a reader allocates memory for empty cells too."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d{1,7})["']""")
_UNIQUE = re.compile(rb"""\buniqueCount\s*=\s*["'](\d+)""")
_HEAD = 2_000
"""Bytes in which the first element of a part opens."""

_SUSPECT = re.compile(rb"""<(?:\w+:)?(?:f[\s/>]|c\s[^>]*?\bt\s*=\s*["']e["'])""")
"""Matches any sheet with a formula or an error; only such a sheet is scanned."""

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, ET.ParseError, expat.ExpatError),
    *(struct.error, ValueError, KeyError, EOFError, RuntimeError, OSError),
)
"""Errors that reading a broken archive may raise; `NotImplementedError` is a `RuntimeError`."""


def faults_by_sheet(path: Path) -> dict[str, dict[Cell, str]]:
    """Return by sheet a message for each cell that is wrongly read as empty.

    Raises:
        FileError: it is damaged, or reading it would need too much memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise FileError(
                    Message("unpacks to more than {most} MB; split it", most=MOST_BYTES // 10**6)
                )
            _check_strings(archive)
            found = {}
            for name, part in _sheet_parts(archive):
                if part not in archive.NameToInfo:
                    continue
                xml = archive.read(part)
                _check_size(name, xml)
                found[name] = faulty_cells(xml) if _SUSPECT.search(xml) else {}
            return found
    except FileError:
        raise
    except _BROKEN as error:
        raise FileError(DAMAGED) from error


def _local_name(tag: str) -> str:
    """Return a tag without its namespace, which a “strict” workbook has another of."""
    return tag.rpartition("}")[2]


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name and the name of its part."""
    # expat limits the expansion of entities and reads no external ones.
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if _local_name(sheet.tag) == "sheet":
            ids = [value for name, value in sheet.items() if name.endswith("}id")]
            target = targets.get(ids[0], "") if ids else ""
            path = posixpath.normpath(posixpath.join("/xl", target))
            yield sheet.get("name", ""), path.lstrip("/")


def _check_strings(archive: zipfile.ZipFile) -> None:
    """Refuse a false count of shared strings: a reader allocates memory by it."""
    for part in archive.infolist():
        if part.filename.casefold().endswith("sharedstrings.xml"):
            with archive.open(part) as stream:
                count = _UNIQUE.search(stream.read(_HEAD))
            if count is not None and int(count[1]) > part.file_size:
                raise FileError(DAMAGED)


def _check_size(name: str, xml: bytes) -> None:
    """Refuse a sheet whose last row and column span too many cells."""
    cells = _CELL.findall(xml)
    numbers = {row for _, row in cells} | set(_ROW.findall(xml))
    letters = {column.decode() for column, _ in cells}
    rows = max(map(int, numbers), default=0)
    columns = max(map(column_index, letters), default=-1) + 1
    if rows * columns > MOST_CELLS:
        raise FileError(
            Message(
                "sheet {name}: has a cell far out, in row {rows} or column {columns}; delete the "
                "empty rows and columns before it",
                name=name,
                rows=rows,
                columns=columns,
            )
        )
