"""Open the parts of an .xlsx beside the reader of its cells: sizes, styles, sheets."""

from __future__ import annotations

import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

from cli.workbooks.formulas import (
    OTHER_WORKBOOK,
    VOLATILE,
    defined_names,
    dependents,
    with_names,
)
from cli.workbooks.tables import DAMAGED, DISPUTED, FileError, column_index
from cli.workbooks.xlsx_scan import Book, scan
from cli.workbooks.xlsx_styles import Styles, check_main, local_name, marked_texts, read_styles
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cli.workbooks.tables import Cell
    from cli.workbooks.xlsx_scan import Found

MOST_BYTES = 600_000_000
"""Bytes of a workbook unpacked; a full sheet of a million rows has fewer."""

MOST_CELLS = 30_000_000
"""Rows by columns of a sheet: a reader allocates memory for empty cells too."""

_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
"""Matches the reference of a row or cell."""

_FAR_PLACE = re.compile(rb"""r\s*=\s*["'](?:[A-Z]{2}|[A-Z]?\d{6})""")
"""Matches one beyond column Z or row 99,999, without which a sheet has few enough cells."""

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


_BOOK, _STRINGS, _STYLES = "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml"


class _Link(NamedTuple):
    """A relationship of a part to another one."""

    number: str
    kind: str
    part: str


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
            self._check_part(self._links("_rels/.rels", "/"), "officeDocument", _BOOK)
            links = self._links("xl/_rels/workbook.xml.rels", "/xl")
            self._check_part(links, "sharedStrings", _STRINGS)
            self._check_part(links, "styles", _STYLES)
            book = self._tree(_BOOK)
            _check_dates(book)
            targets = {link.number: link.part for link in links}
            if len(targets) < len(links):
                raise FileError(DISPUTED)
            sheets = [one for one in book.iter() if local_name(one.tag) == "sheet"]
            check_main(*sheets)
            self.names = [" ".join(one.get("name", "").split()) for one in sheets]
            """The names of the sheets in their order, with single blanks."""
            self._sheets = [self._target(one, targets) for one in sheets]
            if len(set(self.names)) < len(self.names):
                raise FileError(DISPUTED)
            for name, part in zip(self.names, self._sheets, strict=True):
                if part in self._parts:
                    _check_size(name, self._read(part))
            self._defined = defined_names(book)
            self._book = Book(
                read_styles(self._tree(_STYLES)) if _STYLES in self._parts else Styles(),
                marked_texts(self._read(_STRINGS)) if _STRINGS in self._parts else frozenset(),
                with_names(VOLATILE, self._defined),
                with_names(OTHER_WORKBOOK, self._defined),
                any(map(_asks_for_results, book.iter())),
            )

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def scan(self, number: int, rows: Sequence[Sequence[Any]]) -> Found:
        """Compare a sheet with its cells as read by the other reader (see `scan`)."""
        with _broken():
            xml, changing = self._read(self._sheets[number]), self._dependents.get(number, ())
            return scan(xml, rows, self._book, changing)

    @cached_property
    def _dependents(self) -> dict[int, list[tuple[Cell, Cell]]]:
        """The ranges of formulas that depend on changing ones, by the number of the sheet."""
        sheets = [self._read(part) if part in self._parts else b"" for part in self._sheets]
        changing = self._book.volatile, self._book.linked
        return dependents(sheets, self.names, self._defined, changing)

    def _read(self, part: str) -> bytes:
        xml = self._archive.read(self._parts[part])
        _check_encoding(xml)
        return xml

    def _tree(self, part: str) -> ET.Element:
        # expat limits the expansion of entities and reads no external ones.
        return ET.fromstring(self._read(part))  # noqa: S314

    def _links(self, part: str, folder: str) -> list[_Link]:
        """Return the relationships in a part, whose targets are relative to a folder."""
        return [
            _Link(
                link.get("Id", ""),
                link.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join(folder, link.get("Target", "")))
                .lstrip("/")
                .casefold(),
            )
            for link in self._tree(part)
        ]

    def _check_part(self, links: Sequence[_Link], kind: str, part: str) -> None:
        """Refuse a part of a kind that is not at its usual place, by which some readers find it."""
        named = [link.part for link in links if link.kind == kind]
        if named != ([part] if part in self._parts else []):
            raise FileError(DISPUTED)

    @staticmethod
    def _target(sheet: ET.Element, targets: Mapping[str, str]) -> str:
        ids = [value for name, value in sheet.items() if name.endswith("}id")]
        return targets.get(ids[0], "") if ids else ""


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
    asked = {element.get(name, "").strip() for name in ("fullCalcOnLoad", "forceFullCalc")}
    return bool(_TRUE & asked) or element.get("calcCompleted", "").strip() in _FALSE


def _check_dates(book: ET.Element) -> None:
    """Refuse a workbook of which readers may count the days from another year."""
    said = [one for one in book.iter() if local_name(one.tag) == "workbookPr"]
    years = [one.get("date1904", "0") for one in said if one in [*book] or one.get("date1904")]
    if len(years) > 1 or not set(years) <= _TRUE | _FALSE:
        raise FileError(DISPUTED)


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
    if not _FAR_PLACE.search(xml):
        return
    places = set(_PLACE.findall(xml))
    rows = max((int(row) for _, row in places), default=0)
    columns = (
        max((column_index(one.decode()) for one in {one for one, _ in places}), default=-1) + 1
    )
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
