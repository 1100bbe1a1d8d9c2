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

from ledger.saying import Said

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 600_000_000
"""Of a workbook unpacked; a full sheet of a million rows has less."""

MOST_CELLS = 30_000_000
"""Rows by columns of one sheet; what lies between two far cells takes memory too."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FAR = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(rb'<c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_UNRECKONED = re.compile(
    rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)


_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, ET.ParseError, struct.error),
    *(ValueError, KeyError, EOFError, RuntimeError, OSError),
)
"""What a broken archive may raise on its way; `NotImplementedError` is a `RuntimeError`."""


class PackageError(ValueError):
    """A workbook that cannot or should not be opened; the message says why and what to do."""


def _column(letters: bytes) -> int:
    index = 0
    for code in letters:
        index = index * 26 + code - 64
    return index - 1


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The sheets' names with the files that they stand in."""
    # expat refuses what expands without end, and external entities are never read.
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    return {
        sheet.get("name", ""): posixpath.normpath(
            posixpath.join("/xl", targets.get(sheet.get(_LINK), ""))
        ).lstrip("/")
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def _faults(xml: bytes) -> dict[tuple[int, int], str]:
    faults: dict[tuple[int, int], str] = {}
    if b't="e"' in xml:
        for letters, row in _ERROR.findall(xml):
            faults[int(row) - 1, _column(letters)] = Said(
                "holds an Excel error (such as #N/A); write the value itself"
            )
    if b"<f" in xml:
        for letters, row in _UNRECKONED.findall(xml):
            faults[int(row) - 1, _column(letters)] = Said(
                "holds a formula without a result; open and save the workbook in Excel or WPS, "
                "or write the value itself"
            )
    return faults


def look_into(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet, the cells (row, column, from 0) that read as empty and are not, with the reason.

    Raises:
        PackageError: it is damaged, or would take up the machine's memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise PackageError(
                    Said(
                        "unpacks to more than {most} MB; split it",
                        most=MOST_BYTES // 10**6,
                    )
                )
            found = {}
            for name, part in _sheet_parts(archive).items():
                if part not in archive.NameToInfo:
                    continue
                xml = archive.read(part)
                _check_size(name, xml)
                found[name] = _faults(xml)
            return found
    except PackageError:
        raise
    except _BROKEN as error:
        raise PackageError(damaged()) from error


def damaged() -> str:
    """What to say of a file that is broken."""
    return Said("is damaged or no workbook; open it in Excel or WPS and save it anew as .xlsx")


def _check_size(name: str, xml: bytes) -> None:
    found = _FAR.findall(xml)
    rows = max((int(row) for row in {row for _, row in found}), default=0)
    columns = max(
        (_column(letters) + 1 for letters in {letters for letters, _ in found}), default=0
    )
    if rows * columns > MOST_CELLS:
        raise PackageError(
            Said(
                "sheet {name}: has something far off in row {rows} or column {columns}; "
                "delete the empty rows and columns up to there",
                name=name,
                rows=rows,
                columns=columns,
            )
        )
