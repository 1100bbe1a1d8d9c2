"""Open the parts of an .xlsx beside the reader of its cells: sizes, styles, sheets."""

from __future__ import annotations

import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from cli.workbooks.number_formats import BUILT_IN, GENERAL
from cli.workbooks.tables import DAMAGED, DISPUTED, FileError, column_index
from cli.workbooks.xlsx_scan import local_name, scan
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cli.workbooks.xlsx_scan import Found

MOST_BYTES = 600_000_000
"""Bytes of a workbook unpacked; a full sheet of a million rows has fewer."""

MOST_CELLS = 30_000_000
"""Rows by columns of a sheet: a reader allocates memory for empty cells too."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d{1,7})["']""")
_UNIQUE = re.compile(rb"""\buniqueCount\s*=\s*["'](\d+)""")
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_UTF_8 = frozenset({b"utf-8", b"us-ascii"})
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
"""First bytes of XML that is not in UTF-8."""

_TRUE, _FALSE = frozenset({"1", "true"}), frozenset({"0", "false"})
_HEAD = 2_000
"""Bytes in which the first element of a part opens."""

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, ET.ParseError, struct.error),
    *(ValueError, LookupError, EOFError, RuntimeError, OSError),
)
"""Errors that reading a broken archive may raise; `NotImplementedError` is a `RuntimeError`."""


class Package:
    """The parts of an .xlsx; every method may raise `FileError`."""

    def __init__(self, path: Path) -> None:
        """Check the parts before another reader allocates memory by what they state.

        Raises:
            FileError: it is damaged, too large, or written so that readers may differ about it.
        """
        with _broken():
            self._archive = zipfile.ZipFile(path)
            parts = self._archive.infolist()
            if sum(part.file_size for part in parts) > MOST_BYTES:
                raise FileError(
                    Message("unpacks to more than {most} MB; split it", most=MOST_BYTES // 10**6)
                )
            # The other reader ignores case in the names of parts.
            self._parts = {part.filename.casefold(): part for part in parts}
            if len(self._parts) < len(parts):
                raise FileError(DISPUTED)
            _check_strings(self._archive)
            book = self._tree("xl/workbook.xml")
            links = self._tree("xl/_rels/workbook.xml.rels")
            targets = {link.get("Id"): link.get("Target", "") for link in links}
            sheets = [one for one in book.iter() if local_name(one.tag) == "sheet"]
            self.names = [" ".join(one.get("name", "").split()) for one in sheets]
            """The names of the sheets in their order, with single blanks."""
            self._sheets = [self._target(one, targets) for one in sheets]
            if len(set(self.names)) < len(self.names):
                raise FileError(DISPUTED)
            for name, part in zip(self.names, self._sheets, strict=True):
                if part in self._parts:
                    _check_size(name, self._read(part))
            self._recalculates = any(map(_asks_for_results, book.iter()))
            has_styles = "xl/styles.xml" in self._parts
            self._formats = _formats(self._tree("xl/styles.xml")) if has_styles else [GENERAL]

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def scan(self, number: int, rows: Sequence[Sequence[Any]]) -> Found:
        """Compare a sheet with its cells as read by the other reader (see `scan`)."""
        with _broken():
            xml = self._read(self._sheets[number])
            return scan(xml, rows, self._formats, recalculates=self._recalculates)

    def _read(self, part: str) -> bytes:
        xml = self._archive.read(self._parts[part])
        _check_encoding(xml)
        return xml

    def _tree(self, part: str) -> ET.Element:
        # expat limits the expansion of entities and reads no external ones.
        return ET.fromstring(self._read(part))  # noqa: S314

    @staticmethod
    def _target(sheet: ET.Element, targets: Mapping[str | None, str]) -> str:
        ids = [value for name, value in sheet.items() if name.endswith("}id")]
        target = targets.get(ids[0], "") if ids else ""
        return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").casefold()


@contextmanager
def _broken() -> Iterator[None]:
    """Turn what reading a broken archive raises into a `FileError`."""
    try:
        yield
    except FileError:
        raise
    except _BROKEN as error:
        raise FileError(DAMAGED) from error


def _asks_for_results(element: ET.Element) -> bool:
    """Return whether an element says that the results of formulas are not up to date."""
    if local_name(element.tag) != "calcPr":
        return False
    asked = (element.get("fullCalcOnLoad"), element.get("forceFullCalc"))
    return bool(_TRUE.intersection(asked)) or element.get("calcCompleted") in _FALSE


def _formats(styles: ET.Element) -> list[str]:
    """Return the number formats of a workbook's styles, by the number that a cell has."""
    own: dict[str | None, str] = {}
    found = []
    for element in styles.iter():
        if local_name(element.tag) == "numFmt":
            own[element.get("numFmtId")] = element.get("formatCode", GENERAL)
        elif local_name(element.tag) == "cellXfs":
            found = [xf.get("numFmtId", "0") for xf in element]
    return [own.get(number) or BUILT_IN.get(int(number), GENERAL) for number in found] or [GENERAL]


def _check_encoding(xml: bytes) -> None:
    """Refuse XML that is not in UTF-8: not every reader reads it."""
    found = _ENCODING.match(xml)
    if xml.startswith(_OTHER_MARKS) or (found and found[1].lower() not in _UTF_8):
        raise FileError(DISPUTED)


def _check_strings(archive: zipfile.ZipFile) -> None:
    """Refuse a false count of shared strings: a reader allocates memory by it."""
    for part in archive.infolist():
        if part.filename.casefold().endswith("sharedstrings.xml"):
            with archive.open(part) as stream:
                head = stream.read(_HEAD)
            _check_encoding(head)
            count = _UNIQUE.search(head)
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
