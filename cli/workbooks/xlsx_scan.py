"""Read a sheet's XML a second time, and find the cells that must not be trusted."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

from cli.workbooks.number_formats import GENERAL
from cli.workbooks.tables import (
    DISPUTED,
    EXCEL_ERROR,
    MARKED,
    NO_RESULT,
    FileError,
    column_index,
)
from cli.workbooks.xlsx_styles import (
    MAIN_ROOT,
    check_main,
    check_markup,
    conditional_ranges,
    has_marked_runs,
    local_name,
    ranges_of,
)
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cli.workbooks.tables import Cell
    from cli.workbooks.xlsx_styles import Styles

_RECALCULATED = Message(
    "holds a formula whose result Excel calculates only when it opens the file, and may then show "
    "another one; open and save the workbook in Excel or WPS, or write the value itself"
)
_VOLATILE = Message(
    "holds a formula whose result changes every time that the file is opened (as that of TODAY or "
    "RAND); write the value itself"
)
_CONDITIONAL = Message(
    "is shown otherwise by a conditional format (a number format, or struck out); delete that "
    "rule, then check what the cell holds"
)
_UNCLEAR = Message(
    "is written in a way that programs read differently; open and save the workbook in Excel or "
    "WPS, or write the cell again"
)
_CHANGING = (
    rb"\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO|OFFSET|INDIRECT|RTD|WEBSERVICE|DDE"
    rb"|STOCKHISTORY|CUBE[A-Z]+)\s*\("
)
"""Matches a function whose result may be another one when the file is opened again."""

_ANY_CELL = re.compile(rb"<c[\s/>]")
_SHEET_DATA = re.compile(rb"sheetData[\s/>]")
_PREFIX = re.compile(rb"xmlns:([\w.-]+)")
_USUAL_ROOT = re.compile(MAIN_ROOT.format(root="worksheet").encode())
_RANGE = re.compile(rb"""<[^>]*\sref\s*=\s*["']([^"']*)""")
_USUAL_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(\w+)")? ?(?:/>|>'
    rb"(<f(?: [^>]*)?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>)?"
    rb"(?:<is><t(?: [^>]*)?>([^<]*)</t></is>)?</c>)"
)
"""Matches a cell as the usual programs write it, in a tenth of the time that XML takes to parse."""


class Found(NamedTuple):
    """Hold the cells and faults that the second reading of a sheet found."""

    faults: dict[Cell, str]
    """A message for each cell that must not be read."""
    formats: dict[Cell, str]
    """The number formats of filled cells, where not General."""


class Book(NamedTuple):
    """Hold what all sheets of a workbook share: styles, marked texts, changing formulas."""

    styles: Styles
    marked_texts: frozenset[int]
    """Numbers of shared texts that are struck out, raised or lowered in part."""
    changes: re.Pattern[bytes]
    """Matches what makes the result of a formula change (see `changing_formulas`)."""
    recalculates: bool
    """Whether it asks for new results when it is opened."""


_Cell = tuple[int, int, int, bytes | None, bytes | None, bytes | None, bytes | None]
"""Row, column, style, type, formula, result and inline text of a cell; None without one."""

_MARKED_TEXT = b"<marked>"
"""Inline text that is struck out, raised or lowered in part."""


def changing_formulas(book: ET.Element) -> re.Pattern[bytes]:
    """Return a pattern of what makes a formula change: functions, and names defined by them."""
    names = {
        re.escape(one.get("name", "").encode()): "".join(one.itertext()).encode()
        for one in book.iter()
        if local_name(one.tag) == "definedName" and one.get("name")
    }
    found: list[bytes] = [_CHANGING]
    while True:
        changes = re.compile(b"|".join(found), re.IGNORECASE)
        more = [name for name, formula in names.items() if changes.search(formula)]
        if not more:
            return changes
        for name in more:
            del names[name]
            found.append(rb"(?<![\w.\x80-\xff])" + name + rb"(?![\w.\x80-\xff(])")


def scan(xml: bytes, rows: Sequence[Sequence[Any]], book: Book) -> Found:
    """Compare a sheet's XML with the cells that the other reader found in it.

    Args:
        xml: the sheet.
        rows: its cells, as read from the first row and column on.
        book: what the workbook says of all its sheets.

    Raises:
        ET.ParseError: it is not XML.
        FileError: the other reader found more or fewer filled cells, or may have.
    """
    check_markup(xml)
    # Tags, after `<`, `</` or a prefix; an empty element has one alone.
    places = [at for one in _SHEET_DATA.finditer(xml) if xml[(at := one.start()) - 1] in b"</:"]
    if len(places) not in {1, 2}:
        raise FileError(DISPUTED)
    root, start, end = _USUAL_ROOT.match(xml), places[0], places[-1]
    foreign = [b"xmlns", *(b"<%b:" % prefix for prefix in _PREFIX.findall(xml, 0, start))]
    is_usual = root and not any(xml.find(one, start, end) >= 0 for one in foreign)
    found, cells, filled = _compare(_usual_cells(xml) if is_usual else (), rows, book)
    if not is_usual or cells != len(_ANY_CELL.findall(xml)):
        found, _, filled = _compare(_cells(xml), rows, book)
    if filled != sum(len(values) - values.count("") for values in rows):
        raise FileError(DISPUTED)
    for (top, left), (bottom, right) in conditional_ranges(xml, book.styles):
        _mark(found, rows, (top, left), (bottom, right), _CONDITIONAL)
    return found


def _mark(found: Found, rows: Sequence[Sequence[Any]], first: Cell, last: Cell, fault: str) -> None:
    """Give the filled cells of a range a fault, unless they have one."""
    for row in range(first[0], min(last[0] + 1, len(rows))):
        for column in range(first[1], min(last[1] + 1, len(rows[row]))):
            if rows[row][column] != "":
                found.faults.setdefault((row, column), fault)


def _compare(
    cells: Iterable[_Cell], rows: Sequence[Sequence[Any]], book: Book
) -> tuple[Found, int, int]:
    """Return what is found, and the numbers of cells and of those that the other reader filled."""
    found, count, filled = Found({}, {}), 0, 0
    formats, marked = book.styles.formats, book.styles.marked
    results: list[tuple[bytes, str]] = []
    for row, column, style, kind, formula, result, inline in cells:
        count += 1
        values = rows[row] if row < len(rows) else ()
        value = values[column] if column < len(values) else ""
        fault = _fault(kind, formula, result, inline, value, book)
        if fault is not None:
            found.faults[row, column] = fault
            if formula is not None:
                results += [(one, fault) for one in _RANGE.findall(formula)]
        if value != "":
            filled += 1
            if marked and style in marked:
                found.faults.setdefault((row, column), MARKED)
            if (number_format := formats[style]) != GENERAL:
                found.formats[row, column] = number_format
    for text, fault in results:
        # The results of an array formula stand in all cells of its range.
        for first, last in ranges_of(text.decode()):
            _mark(found, rows, first, last, fault)
    return found, count, filled


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
        name = local_name(element.tag)
        if name == "sheetData":
            check_main(element, *element, names=frozenset({"sheetData", "row"}))
        if name != "row":
            continue
        check_main(*element.iter())
        check_main(*element, names=frozenset({"c"}))
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
                tag = local_name(child.tag)
                # The attributes of a formula say where its results stand.
                text = ET.tostring(child) if tag == "f" else "".join(child.itertext()).encode()
                is_marked = tag == "is" and has_marked_runs(child)
                parts[tag] = _MARKED_TEXT if is_marked else parts.get(tag, b"") + text
            check_main(*cell, names=frozenset({"f", "v", "is"}))
            kind, style = cell.get("t", "n").encode(), int(cell.get("s", 0))
            yield row, column, style, kind, parts.get("f"), parts.get("v"), parts.get("is")
        element.clear()


def _fault(
    kind: bytes | None,
    formula: bytes | None,
    result: bytes | None,
    inline: bytes | None,
    value: Any,
    book: Book,
) -> str | None:
    """Return what is wrong with a cell that the other reader gives as a value, or None."""
    if kind == b"e":
        return EXCEL_ERROR
    fault = None if formula is None else _formula_fault(kind, formula, result, book)
    if fault is not None:
        return fault
    if kind == b"s" and inline is None:  # the text is in another part
        if not result or not result.isdigit():
            return None if value == "" and not result else _UNCLEAR
        return MARKED if int(result) in book.marked_texts else None
    if inline == _MARKED_TEXT:
        return MARKED
    return None if _agrees(kind, result, inline, value) else _UNCLEAR


def _formula_fault(
    kind: bytes | None, formula: bytes, result: bytes | None, book: Book
) -> str | None:
    """Return why the result of a formula must not be read, or None."""
    # A formula with an empty text as its result (`=""`) has the type `str`.
    if not result and (result is None or kind != b"str"):
        return NO_RESULT
    if book.recalculates:
        return _RECALCULATED
    return _VOLATILE if book.changes.search(formula) else None


def _agrees(kind: bytes | None, result: bytes | None, inline: bytes | None, value: Any) -> bool:
    """Return whether a cell that is no shared text can have the value of the other reader."""
    if inline is not None and (result is not None or kind != b"inlineStr"):
        return False
    if kind in {None, b"n"} and result:
        try:
            return float(result) == value if isinstance(value, float) else type(value) is not str
        except ValueError:
            return False
    if kind == b"b":
        return isinstance(value, bool) or not result
    text = (result or inline or b"").strip()
    is_known = kind in {None, b"n", b"str", b"inlineStr", b"d"}
    return is_known and bool(text) == (not isinstance(value, str) or bool(value.strip()))
