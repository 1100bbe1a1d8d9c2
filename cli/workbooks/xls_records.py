"""Read records of an .xls that xlrd passes over: formulas and conditional formats ([MS-XLS])."""

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.workbooks.tables import Cell

_BEGIN, _END, _SHEET, _BOOK = 0x0809, 0x000A, 0x0085, 0x01AE
_FORMULA, _RULES, _RULE, _RULES_12, _RULE_12 = 0x0006, 0x01B0, 0x01B1, 0x0879, 0x087A
_FUTURE_HEADER = 12
"""Bytes before the content of the records of later versions."""

_SHARED, _ARRAY = 0x04BC, 0x0221
"""Records of formulas that several cells have; those cells only refer to them."""

_VOLATILE = re.compile(
    rb"\x19\x01|[\x21\x41\x61](?:\x3f|\x4a|\xdd|\xf4)\x00|[\x22\x42\x62].[\x4e\x7d\x94]\x00",
    re.DOTALL,
)
"""Matches the mark of a volatile formula (PtgAttrSemi, 2.5.198.30), or the functions RAND, NOW,
TODAY, INFO, OFFSET, CELL and INDIRECT, which not every program marks."""

_THIS_BOOK, _ADD_IN = b"\x01\x04", b"\x01\x3a"
"""Values of a SupBook record (2.4.271) that name no other workbook."""

_NUMBER, _FONT, _STRUCK = 1 << 25, 1 << 26, 1 << 7
"""Flags of a format (DXFN, 2.5.95): has a number format, has a font; of a font: struck out."""


class SheetRecords(NamedTuple):
    """Formulas and conditional formats of one sheet, from its BIFF records."""

    formulas: frozenset[Cell]
    volatile: frozenset[Cell]
    """Formulas whose results change whenever the file is opened."""
    reformatted: list[tuple[Cell, Cell]]
    """First and last cells of ranges that a conditional format shows otherwise."""


class Records(NamedTuple):
    """Sheets and links of a workbook, from its BIFF records."""

    sheets: list[SheetRecords]
    """The sheets with cells in their order, without charts and macros."""
    has_links: bool
    """Whether formulas refer to another workbook."""


def read_records(content: bytes) -> Records:
    """Return the sheets and links of an .xls.

    Raises:
        struct.error, xlrd.compdoc.CompDocError, ValueError: it is damaged.
    """
    from xlrd.compdoc import CompDoc  # noqa: PLC0415 - of the extra `office`

    document = CompDoc(content, logfile=io.StringIO())
    found = (document.get_named_stream(name) for name in ("Workbook", "Book"))
    stream = next(filter(None, found), b"")
    starts, has_links = [], False
    for kind, data in _records(stream, 0):
        if kind == _SHEET and data[5] == 0:
            starts.append(struct.unpack_from("<I", data)[0])
        has_links |= kind == _BOOK and data[2:4] not in {_THIS_BOOK, _ADD_IN}
    return Records([_sheet(stream, start) for start in starts], has_links)


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """Yield type and content of the records of a substream, charts within it left out."""
    depth = 0
    while position < len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        position += 4
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[position : position + length]
        position += length


def _sheet(stream: bytes, start: int) -> SheetRecords:
    formulas: set[Cell] = set()
    volatile: set[Cell] = set()
    reformatted: list[tuple[Cell, Cell]] = []
    ranges: list[tuple[Cell, Cell]] = []
    shared: list[tuple[int, int, int, int]] = []
    for kind, data in _records(stream, start):
        if kind == _FORMULA:
            cell = struct.unpack_from("<HH", data)
            formulas.add(cell)
            if _VOLATILE.search(data, 22):
                volatile.add(cell)
        elif kind in {_SHARED, _ARRAY} and _VOLATILE.search(data, 6):
            shared.append(struct.unpack_from("<HHBB", data))
        elif kind in {_RULES, _RULES_12}:
            ranges = [*_ranges(data[12 if kind == _RULES else _FUTURE_HEADER + 12 :])]
        elif kind == _RULE and _shows_otherwise(data[6:]):
            reformatted += ranges
        elif kind == _RULE_12:
            (length,) = struct.unpack_from("<I", data, _FUTURE_HEADER + 6)
            if length and _shows_otherwise(data[_FUTURE_HEADER + 10 :]):
                reformatted += ranges
    for first, last, left, right in shared:
        volatile |= {
            (row, column)
            for row, column in formulas
            if first <= row <= last and left <= column <= right
        }
    return SheetRecords(frozenset(formulas), frozenset(volatile), reformatted)


def _ranges(data: bytes) -> Iterator[tuple[Cell, Cell]]:
    """Yield the ranges of a counted list (SqRefU, 2.5.257)."""
    (count,) = struct.unpack_from("<H", data)
    for number in range(count):
        top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
        yield (top, left), (bottom, right)


def _shows_otherwise(data: bytes) -> bool:
    """Return whether a format (DXFN) has a number format, or strikes out, raises or lowers text."""
    (flags,) = struct.unpack_from("<I", data)
    if flags & _NUMBER:
        return True
    if not flags & _FONT:
        return False
    # The font (DXFFntD, 2.5.92) begins after 6 bytes: its name, size, style, weight, script …
    style, script = struct.unpack_from("<I2xH", data, 6 + 68)
    style_unset, script_unset = struct.unpack_from("<II", data, 6 + 88)
    return bool((style & _STRUCK and not style_unset & _STRUCK) or (script and not script_unset))
