"""Find the formulas of a workbook that depend on a cell whose value may change."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from cli.workbooks.tables import column_index
from cli.workbooks.xlsx_styles import local_name, ranges_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cli.workbooks.tables import Cell

VOLATILE = (
    r"\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO|OFFSET|INDIRECT|RTD|WEBSERVICE|DDE"
    r"|STOCKHISTORY|CUBE[A-Z]+)\s*\("
)
"""Matches a function whose result may be another one when the file is opened again."""

OTHER_WORKBOOK = r"""'[^'"]*\[[^\[\]'"]+\][^'"]*'!|(?<![\w.\]])\[[^\[\]'"]+\][\w.]*!"""
"""Matches a reference to another workbook: `[1]Sheet1!A1`, `'[2016.xlsx]First half'!B2`."""

_WORD = r"[^\W\d][\w.]*"
_TOKEN = re.compile(
    r'"[^"]*"'
    rf"|(?:'(?P<quoted>(?:[^']|'')+)'!|(?P<sheet>[\w.]+)!)?"
    r"(?P<range>\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?(?![\w(.!])"
    r"|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![\w(.!])|\$?\d{1,7}:\$?\d{1,7}(?![\w(.!]))"
    rf"|(?P<function>{_WORD}\()|(?P<name>{_WORD})|(?P<unclear>[\[!]|:(?!$))"
    r"|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?",
)
_PLACE = re.compile(r"(\$?)([A-Z]{0,3})(\$?)(\d{0,7})")
_CONSTANTS = frozenset({"TRUE", "FALSE"})

_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>[^<]*")
_NO_RESULT = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:</c>|<v\s*/>|<v></v>)")
_PREFIXED = re.compile(rb"<\w+:f[\s/>]")

_LAST = 1 << 20
"""Beyond every row and column."""

_FEW = 64
"""Cells of a range that are looked up one by one."""

_MANY_RANGES = 2_000
"""Larger ranges of a sheet beyond which any change in the sheet is taken to be in each of them."""


class _Range(NamedTuple):
    """Cells of a sheet, the last row and column included."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int


class _Formula(NamedTuple):
    """A formula in a cell; text and offset of the one that it shares, if it does."""

    sheet: int
    text: str
    offset: Cell
    results: tuple[tuple[Cell, Cell], ...]
    """The ranges in which its results stand."""
    is_unclear: bool
    has_result: bool


def defined_names(book: ET.Element) -> dict[str, list[str]]:
    """Return the formulas that each name of a workbook stands for, by the name in capitals."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in book.iter():
        if local_name(one.tag) == "definedName" and one.get("name"):
            found[one.get("name", "").upper()].append("".join(one.itertext()))
    return dict(found)


def with_names(pattern: str, names: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Return a pattern that also matches the names of formulas that it matches.

    Args:
        pattern: `VOLATILE` or `OTHER_WORKBOOK`.
        names: what each name stands for.
    """
    left, found = dict(names), [pattern]
    while True:
        matched = re.compile("|".join(found), re.IGNORECASE)
        more = [name for name, texts in left.items() if any(map(matched.search, texts))]
        if not more:
            return matched
        for name in more:
            del left[name]
            found.append(rf"(?<![\w.]){re.escape(name)}(?![\w.(])")


def dependents(
    sheets: Sequence[bytes],
    titles: Sequence[str],
    names: Mapping[str, Sequence[str]],
    changing: Sequence[re.Pattern[str]],
) -> dict[int, list[tuple[Cell, Cell]]]:
    """Return by sheet the ranges of formulas that depend on one whose result may change.

    Also where it cannot be told: by a table's columns, a range that is computed.

    Args:
        sheets: the XML of all sheets, also of those that are not read.
        titles: their names.
        names: what each name stands for, in capitals.
        changing: each matches formulas whose results change.

    Raises:
        ET.ParseError: a sheet is not XML.
    """
    if not any(_may_change(xml, changing) for xml in sheets):
        return {}
    formulas = [one for number, xml in enumerate(sheets) for one in _formulas(number, xml)]
    numbers = {" ".join(title.split()).upper(): number for number, title in enumerate(titles)}
    index = _Index()
    for number, one in enumerate(formulas):
        index.add(number, _precedents(one, numbers, names))
    done: set[int] = set()
    queue = [
        number
        for number, one in enumerate(formulas)
        if not one.has_result or any(pattern.search(one.text) for pattern in changing)
    ]
    roots = set(queue)
    if roots:
        queue += index.unclear
    found: dict[int, list[tuple[Cell, Cell]]] = defaultdict(list)
    while queue:
        number = queue.pop()
        if number in done:
            continue
        done.add(number)
        one = formulas[number]
        if number not in roots:
            found[one.sheet] += one.results
        for first, last in one.results:
            queue += index.touched(_Range(one.sheet, *first, *last))
    return dict(found)


def _may_change(xml: bytes, changing: Sequence[re.Pattern[str]]) -> bool:
    """Return whether a sheet may have a formula that changes, or one without a result."""
    if b"<f" not in xml and not _PREFIXED.search(xml):
        return False
    return (
        _NO_RESULT.search(xml) is not None
        or _PREFIXED.search(xml) is not None
        or any(
            pattern.search(unescape(one[0].decode()))
            for one in _FORMULA.finditer(xml)
            for pattern in changing
        )
    )


def _formulas(sheet: int, xml: bytes) -> Iterator[_Formula]:
    if b"<f" not in xml and not _PREFIXED.search(xml):
        return
    shared: dict[str, tuple[str, Cell]] = {}
    number = -1
    for _, row in ET.iterparse(BytesIO(xml)):  # noqa: S314 - expat limits entities
        if local_name(row.tag) != "row":
            continue
        number = int(row.get("r", number + 2)) - 1
        place = number, -1
        for cell in row:
            # A cell without a reference follows the one before (ECMA-376, 18.3.1.4).
            told = next((first for first, _ in ranges_of(cell.get("r", "").upper())), None)
            place = told or (place[0], place[1] + 1)
            parts = {local_name(one.tag): one for one in cell}
            if "f" in parts:
                kind, value = cell.get("t"), parts.get("v")
                yield _formula(sheet, place, parts["f"], shared, _has_result(kind, value))
        row.clear()


def _has_result(kind: str | None, value: ET.Element | None) -> bool:
    return value is not None and (kind == "str" or any(value.itertext()))


def _formula(
    sheet: int,
    place: Cell,
    formula: ET.Element,
    shared: dict[str, tuple[str, Cell]],
    has_result: bool,
) -> _Formula:
    """Return the formula of a cell; keep one that others share, by its number."""
    text, offset = "".join(formula.itertext()), (0, 0)
    kind, number = formula.get("t", "normal"), formula.get("si", "")
    if kind == "shared":
        if text:
            shared[number] = text, place
        elif number in shared:
            text, (row, column) = shared[number]
            offset = place[0] - row, place[1] - column
    results = ranges_of(formula.get("ref", "")) if kind == "array" else [(place, place)]
    is_unclear = not text or kind == "dataTable"
    return _Formula(sheet, text, offset, (*results,), is_unclear, has_result)


def _precedents(
    formula: _Formula, sheets: Mapping[str, int], names: Mapping[str, Sequence[str]]
) -> list[_Range] | None:
    """Return the ranges that a formula refers to; None if that is unclear."""
    if formula.is_unclear:
        return None
    found: list[_Range] = []
    texts, seen = [(formula.text, formula.offset)], set[str]()
    while texts:
        text, offset = texts.pop()
        for token in _TOKEN.finditer(text):
            if token["unclear"] is not None:
                return None
            if token["range"] is not None:
                area = _range(token, formula.sheet, sheets, offset)
                if area is None:
                    return None
                found.append(area)
            elif token["name"] is not None and (name := token["name"].upper()) not in _CONSTANTS:
                if name not in names:
                    return None
                texts += [] if name in seen else [(one, (0, 0)) for one in names[name]]
                seen.add(name)
    return found


def _range(
    token: re.Match[str], sheet: int, sheets: Mapping[str, int], offset: Cell
) -> _Range | None:
    """Return the range that a formula of a sheet names, moved by an offset unless fixed by `$`."""
    title = token["sheet"] or (token["quoted"] or "").replace("''", "'")
    number = sheets.get(" ".join(title.split()).upper()) if title else sheet
    if number is None:
        return None
    first, _, last = token["range"].partition(":")
    corners = []
    for text in (first, last or first):
        place = _PLACE.fullmatch(text)
        if place is None:
            return None
        fixed_column, letters, fixed_row, digits = place.groups()
        if not letters:  # whole rows: `$1`, of which `$` is found first
            fixed_row = fixed_row or fixed_column
        row = int(digits) - 1 + (0 if fixed_row else offset[0]) if digits else None
        column = column_index(letters) + (0 if fixed_column else offset[1]) if letters else None
        corners.append((row, column))
    (top, left), (bottom, right) = corners
    rows = sorted((0 if top is None else top, _LAST if bottom is None else bottom))
    columns = sorted((0 if left is None else left, _LAST if right is None else right))
    return _Range(number, rows[0], columns[0], rows[1], columns[1])


class _Index:
    """The formulas by the cells that they refer to."""

    def __init__(self) -> None:
        self.unclear: list[int] = []
        """Those of which it is unclear what they refer to."""
        self._by_cell: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        self._by_range: dict[int, dict[_Range, list[int]]] = defaultdict(lambda: defaultdict(list))

    def add(self, number: int, precedents: Iterable[_Range] | None) -> None:
        """Add the formula of a number."""
        if precedents is None:
            self.unclear.append(number)
        for one in precedents or ():
            if (one.bottom - one.top + 1) * (one.right - one.left + 1) > _FEW:
                self._by_range[one.sheet][one].append(number)
            else:
                for cell in _cells(one):
                    self._by_cell[cell].append(number)

    def touched(self, area: _Range) -> list[int]:
        """Return the formulas that refer to a cell of a range, or may."""
        found: list[int] = []
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) <= _FEW:
            for cell in _cells(area):
                found += self._by_cell.pop(cell, [])
        else:
            hit = [one for one in self._by_cell if _overlap(_Range(*one, *one[1:]), area)]
            for cell in hit:
                found += self._by_cell.pop(cell)
        ranges = self._by_range[area.sheet]
        are_many = len(ranges) > _MANY_RANGES
        for one in [one for one in ranges if are_many or _overlap(one, area)]:
            found += ranges.pop(one)
        return found


def _cells(area: _Range) -> Iterator[tuple[int, int, int]]:
    rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
    return product((area.sheet,), rows, columns)


def _overlap(one: _Range, other: _Range) -> bool:
    return (
        one.sheet == other.sheet
        and one.top <= other.bottom
        and other.top <= one.bottom
        and one.left <= other.right
        and other.left <= one.right
    )
