"""Read a sheet's XML a second time, and find the cells that must not be trusted."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

from cli.workbooks.number_formats import GENERAL
from cli.workbooks.tables import (
    CONDITIONAL,
    DEPENDENT,
    DISPUTED,
    EXCEL_ERROR,
    LINKED,
    MARKED,
    NO_RESULT,
    VOLATILE,
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
from ledger.submissions import letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cli.workbooks.tables import Cell
    from cli.workbooks.xlsx_styles import Styles

_RECALCULATED = Message(
    "holds a formula whose result Excel calculates only when it opens the file, and may then show "
    "another one; open and save the workbook in Excel or WPS, or write the value itself"
)
_UNCLEAR = Message(
    "is written in a way that programs read differently; open and save the workbook in Excel or "
    "WPS, or write the cell again"
)
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
    volatile: re.Pattern[str]
    """Matches functions, and names of them, whose results change whenever it is opened."""
    linked: re.Pattern[str]
    """Matches what comes from another workbook."""
    recalculates: bool
    """Whether it asks for new results when it is opened."""


_Part = bytes | None
_Cell = tuple[bytes, bytes, _Part, _Part, _Part, _Part, _Part]
"""Letters of the column, number of the row, style, type, formula, result and inline text of a cell,
as in the XML; None without one."""

_MARKED_TEXT = b"<marked>"
"""Inline text that is struck out, raised or lowered in part."""


def scan(
    xml: bytes,
    rows: Sequence[Sequence[Any]],
    book: Book,
    dependents: Iterable[tuple[Cell, Cell]] = (),
) -> Found:
    """Compare a sheet's XML with the cells that the other reader found in it.

    Args:
        xml: the sheet.
        rows: its cells, as read from the first row and column on.
        book: what the workbook says of all its sheets.
        dependents: the ranges of formulas that depend on changing ones.

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
    matches = _USUAL_CELL.finditer(xml) if is_usual else ()
    usual: Iterable[Any] = map(re.Match.groups, matches)
    found, cells, filled = _compare(usual, rows, book)
    if not is_usual or cells != len(_ANY_CELL.findall(xml)):
        found, _, filled = _compare(_cells(xml), rows, book)
    if filled != sum(len(values) - values.count("") for values in rows):
        raise FileError(DISPUTED)
    for first, last in dependents:
        _mark(found, rows, first, last, DEPENDENT)
    for first, last in conditional_ranges(xml, book.styles):
        _mark(found, rows, first, last, CONDITIONAL)
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
    found, count, filled, row = Found({}, {}), 0, 0, -1
    columns, styles = _Columns(), _StylesByText(book.styles)
    number, values, no_marks = b"", rows[:0], not book.marked_texts
    for letters, number_here, style, kind, formula, result, inline in cells:
        count += 1
        if number_here != number:
            number, row = number_here, int(number_here) - 1
            values = rows[row] if row < len(rows) else ()
        column = columns[letters]
        value = values[column] if column < len(values) else ""
        if kind == b"s" and no_marks:
            is_sound = inline is None and result is not None and result.isdigit()
        else:
            is_sound = _is_inline_text(kind, result, inline, value)
        if formula is not None or not is_sound:
            fault = _fault(kind, formula, result, inline, value, book)
            if fault is not None:
                _set_fault(found, rows, (row, column), fault, formula)
        if value != "":
            filled += 1
            number_format, is_marked = styles[style]
            if is_marked:
                found.faults.setdefault((row, column), MARKED)
            if number_format != GENERAL:
                found.formats[row, column] = number_format
    return found, count, filled


def _is_inline_text(kind: _Part, result: _Part, inline: _Part, value: Any) -> bool:
    """Return whether a cell has an unmarked text of its own, and the other reader some text."""
    if kind != b"inlineStr" or result is not None or not inline or inline == _MARKED_TEXT:
        return False
    return type(value) is str and bool(value) and not (inline.isspace() or value.isspace())


def _set_fault(
    found: Found, rows: Sequence[Sequence[Any]], cell: Cell, fault: str, formula: _Part
) -> None:
    """Give a cell a fault, and of an array formula all cells in which its results stand."""
    found.faults[cell] = fault
    for text in _RANGE.findall(formula or b""):
        for first, last in ranges_of(text.decode()):
            _mark(found, rows, first, last, fault)


class _Columns(dict[bytes, int]):
    """Indexes of columns by their letters."""

    def __missing__(self, letters: bytes) -> int:
        self[letters] = column_index(letters.decode())
        return self[letters]


class _StylesByText(dict[_Part, tuple[str, bool]]):
    """By the text of its number, the number format of a style, and whether its text is marked."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def __missing__(self, style: _Part) -> tuple[str, bool]:
        number = int(style or 0)
        self[style] = self._styles.formats[number], number in self._styles.marked
        return self[style]


def _cells(xml: bytes) -> Iterator[_Cell]:
    row = column = -1
    letters = ""
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
                letters = letter(column)
            else:
                letters = reference.rstrip("0123456789").upper()
                column, row = column_index(letters), int(reference[len(letters) :]) - 1
            parts: dict[str, bytes] = {}
            for child in cell:
                tag = local_name(child.tag)
                # The attributes of a formula say where its results stand.
                text = ET.tostring(child) if tag == "f" else "".join(child.itertext()).encode()
                is_marked = tag == "is" and has_marked_runs(child)
                parts[tag] = _MARKED_TEXT if is_marked else parts.get(tag, b"") + text
            check_main(*cell, names=frozenset({"f", "v", "is"}))
            place = letters.encode(), str(row + 1).encode()
            kind, style = cell.get("t", "n").encode(), cell.get("s", "0").encode()
            yield *place, style, kind, parts.get("f"), parts.get("v"), parts.get("is")
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
    text = unescape(formula.decode())
    if book.linked.search(text):
        return LINKED
    return VOLATILE if book.volatile.search(text) else None


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
