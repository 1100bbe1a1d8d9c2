"""What the reader of an .xlsx does not tell: error cells, unreckoned formulas, monstrous sizes."""

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

from cli.workbooks.scanning import ERROR, UNRECKONED, Scan
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.workbooks.scanning import Cell

MOST_BYTES = 600_000_000
"""Of a workbook unpacked; a full sheet of a million rows has less."""

MOST_CELLS = 30_000_000
"""Rows by columns of one sheet; what lies between two far cells takes memory too."""

_FAR = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_FAR_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d{1,7})["']""")
_UNIQUE = re.compile(rb"""\buniqueCount\s*=\s*["'](\d+)""")
_HEAD = 2_000
"""Bytes within which a part's first element opens."""

_SUSPECT = re.compile(rb"""<(?:\w+:)?(?:f[\s/>]|c\s[^>]*?\bt\s*=\s*["']e["'])""")
"""What only a sheet with a formula or an error in it has."""

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, ET.ParseError, expat.ExpatError),
    *(struct.error, ValueError, KeyError, EOFError, RuntimeError, OSError),
)
"""What a broken archive may raise on its way; `NotImplementedError` is a `RuntimeError`."""

WORDS: dict[str, str] = {
    ERROR: Message("holds an Excel error (such as #N/A); write the value itself"),
    UNRECKONED: Message(
        "holds a formula without a result; open and save the workbook in Excel or WPS, "
        "or write the value itself"
    ),
}
"""What is told of a cell that reads as empty and is not."""


class PackageError(ValueError):
    """A workbook that cannot or should not be opened; the message says why and what to do."""


def _column(letters: bytes) -> int:
    index = 0
    for code in letters:
        index = index * 26 + code - 64
    return index - 1


def _local(name: str) -> str:
    """A name without its namespace, which a workbook saved as “strict” has another of."""
    return name.rpartition("}")[2]


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets' names with the files that they stand in."""
    # expat refuses what expands without end, and external entities are never read.
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    for sheet in book.iter():
        if _local(sheet.tag) == "sheet":
            links_of = [value for name, value in sheet.items() if name.endswith("}id")]
            target = targets.get(links_of[0], "") if links_of else ""
            path = posixpath.normpath(posixpath.join("/xl", target))
            yield sheet.get("name", ""), path.lstrip("/")


def look_into(path: Path) -> dict[str, dict[Cell, str]]:
    """By sheet, the cells (row, column, from 0) that read as empty and are not, with the reason.

    Raises:
        PackageError: it is damaged, or would take up the machine's memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise PackageError(
                    Message("unpacks to more than {most} MB; split it", most=MOST_BYTES // 10**6)
                )
            _check_strings(archive)
            found = {}
            for name, part in _sheet_parts(archive):
                if part not in archive.NameToInfo:
                    continue
                xml = archive.read(part)
                _check_size(name, xml)
                faults = Scan().of(xml) if _SUSPECT.search(xml) else {}
                found[name] = {cell: WORDS[fault] for cell, fault in faults.items()}
            return found
    except PackageError:
        raise
    except _BROKEN as error:
        raise PackageError(damaged()) from error


def damaged() -> str:
    """What to say of a file that is broken."""
    return Message("is damaged or no workbook; open it in Excel or WPS and save it anew as .xlsx")


def _check_strings(archive: zipfile.ZipFile) -> None:
    """The reader takes memory for as many texts as are announced, before it meets one."""
    for part in archive.infolist():
        if part.filename.casefold().endswith("sharedstrings.xml"):
            with archive.open(part) as stream:
                announced = _UNIQUE.search(stream.read(_HEAD))
            if announced is not None and int(announced[1]) > part.file_size:
                raise PackageError(damaged())


def _check_size(name: str, xml: bytes) -> None:
    found = _FAR.findall(xml)
    numbers = {row for _, row in found} | set(_FAR_ROW.findall(xml))
    rows = max(map(int, numbers), default=0)
    columns = max(
        (_column(letters) + 1 for letters in {letters for letters, _ in found}), default=0
    )
    if rows * columns > MOST_CELLS:
        raise PackageError(
            Message(
                "sheet {name}: has something far off in row {rows} or column {columns}; "
                "delete the empty rows and columns up to there",
                name=name,
                rows=rows,
                columns=columns,
            )
        )
