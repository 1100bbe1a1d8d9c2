"""Read a sheet's XML a second time, and find the cells that must not be trusted."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

from cli.workbooks.number_formats import GENERAL
from cli.workbooks.tables import DISPUTED, EXCEL_ERROR, NO_RESULT, FileError, column_index
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cli.workbooks.tables import Cell

_RECALCULATED = Message(
    "holds a formula whose result Excel calculates only when it opens the file, and may then show "
    "another one; open and save the workbook in Excel or WPS, or write the value itself"
)
_VOLATILE = Message(
    "holds a formula whose result changes every time that the file is opened (as that of TODAY or "
    "RAND); write the value itself"
)
_UNCLEAR = Message(
    "is written in a way that programs read differently; open and save the workbook in Excel or "
    "WPS, or write the cell again"
)
_CHANGES = re.compile(rb"\b(TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\s*\(", re.IGNORECASE)
_DECLARATION = 3
"""Where the XML declaration begins, at most: after a byte order mark."""

_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_USUAL_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(\w+)")? ?(?:/>|>'
    rb"(<f(?: [^>]*)?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>)?"
    rb"(?:<is><t(?: [^>]*)?>([^<]*)</t></is>)?</c>)"
)
"""Matches a cell as the usual programs write it, in a tenth of the time that XML takes to parse."""


class Found(NamedTuple):
    """What the second reading of a sheet found."""

    faults: dict[Cell, str]
    """A message for each cell that must not be read."""
    formats: dict[Cell, str]
    """The number formats of filled cells, where not General."""


_Cell = tuple[int, int, int, bytes | None, bytes | None, bytes | None, bytes | None]
"""Row, column, style, type, formula, result and inline text of a cell; None without one."""


def scan(
    xml: bytes, rows: Sequence[Sequence[Any]], formats: Sequence[str], *, recalculates: bool
) -> Found:
    """Compare a sheet's XML with the cells that the other reader found in it.

    Args:
        xml: the sheet.
        rows: its cells, as read from the first row and column on.
        formats: the number formats of the workbook's styles, by their number.
        recalculates: whether the workbook asks for new results when it is opened.

    Raises:
        ET.ParseError: it is not XML.
        FileError: the other reader found more or fewer filled cells, or may have.
    """
    if b"<!" in xml or xml.rfind(b"<?") > _DECLARATION:
        raise FileError(DISPUTED)  # readers disagree about comments and CDATA within a cell
    found, cells, filled = _compare(_usual_cells(xml), rows, formats, recalculates)
    if cells != sum(1 for _ in _ANY_CELL.finditer(xml)):
        found, _, filled = _compare(_cells(xml), rows, formats, recalculates)
    if filled != sum(value != "" for values in rows for value in values):
        raise FileError(DISPUTED)
    return found


def _compare(
    cells: Iterable[_Cell],
    rows: Sequence[Sequence[Any]],
    formats: Sequence[str],
    recalculates: bool,
) -> tuple[Found, int, int]:
    """Return what is found, and the numbers of cells and of those that the other reader filled."""
    found, count, filled = Found({}, {}), 0, 0
    for row, column, style, kind, formula, result, inline in cells:
        count += 1
        values = rows[row] if row < len(rows) else ()
        value = values[column] if column < len(values) else ""
        fault = _fault(kind, formula, result, inline, value, recalculates=recalculates)
        if fault is not None:
            found.faults[row, column] = fault
        if value != "":
            filled += 1
            if formats[style] != GENERAL:
                found.formats[row, column] = formats[style]
    return found, count, filled


def local_name(tag: str) -> str:
    """Return a tag without its namespace, which a “strict” workbook has another of."""
    return tag.rpartition("}")[2]


def _usual_cells(xml: bytes) -> Iterator[_Cell]:
    columns: dict[bytes, int] = {}
    for match in _USUAL_CELL.finditer(xml):
        letters, number, style, kind, formula, result, inline = match.groups()
        column = columns.get(letters)
        if column is None:
            column = columns[letters] = column_index(letters.decode())
        yield int(number) - 1, column, int(style or 0), kind, formula, result, inline


def _cells(xml: bytes) -> Iterator[_Cell]:
    row = column = -1
    for _, element in ET.iterparse(BytesIO(xml)):  # noqa: S314 - expat limits entities
        if local_name(element.tag) != "row":
            continue
        number = element.get("r")
        row, column = row + 1 if number is None else int(number) - 1, -1
        for cell in element:
            # A cell without a reference follows the one before (ECMA-376, 18.3.1.4).
            reference = cell.get("r")
            if reference is None:
                column += 1
            else:
                letters = reference.rstrip("0123456789")
                column, row = column_index(letters.upper()), int(reference[len(letters) :]) - 1
            parts: dict[str, bytes] = {}
            for child in cell:
                tag, text = local_name(child.tag), "".join(child.itertext()).encode()
                parts[tag] = parts.get(tag, b"") + text
            kind, style = cell.get("t", "n").encode(), int(cell.get("s", 0))
            yield row, column, style, kind, parts.get("f"), parts.get("v"), parts.get("is")
        element.clear()


def _fault(
    kind: bytes | None,
    formula: bytes | None,
    result: bytes | None,
    inline: bytes | None,
    value: Any,
    *,
    recalculates: bool,
) -> str | None:
    """Return what is wrong with a cell that the other reader gives as a value, or None."""
    if kind == b"e":
        return EXCEL_ERROR
    if formula is not None:
        # A formula with an empty text as its result (`=""`) has the type `str`.
        if not result and (result is None or kind != b"str"):
            return NO_RESULT
        if recalculates:
            return _RECALCULATED
        if _CHANGES.search(formula):
            return _VOLATILE
    if kind == b"s":  # the text is in another part
        agree = bool(result) or value == ""
    elif kind in {None, b"n"} and result:
        try:
            agree = float(result) == value if isinstance(value, float) else type(value) is not str
        except ValueError:
            agree = False
    elif kind == b"b":
        agree = isinstance(value, bool) or not result
    else:
        text = (result or inline or b"").strip()
        agree = bool(text) == (not isinstance(value, str) or bool(value.strip()))
    return None if agree else _UNCLEAR
