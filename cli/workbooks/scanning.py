"""The XML of a sheet walked cell by cell: which cells hold an error or a formula not reckoned."""

from __future__ import annotations

from itertools import takewhile
from xml.parsers import expat

ERROR, UNRECKONED = "error", "unreckoned"

Cell = tuple[int, int]
"""Row and column, from 0."""


class Scan:
    """One walk through one sheet.

    By events and not by patterns: a sheet may have prefixes, its own quotes, cells that name no
    place and stand after the one before (ECMA-376, 18.3.1.4), and what is missed would be lost.
    """

    def __init__(self) -> None:
        self._row, self._column = -1, -1
        self._type: str | None = None
        self._has_formula = self._in_value = self._has_value = False
        self._found: dict[Cell, str] = {}

    def of(self, xml: bytes) -> dict[Cell, str]:
        """The cells that read as empty and are not: `ERROR` or `UNRECKONED`.

        Raises:
            expat.ExpatError: it is no XML.
        """
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self._starts
        parser.EndElementHandler = self._ends
        parser.CharacterDataHandler = self._reads
        parser.buffer_text = True
        parser.Parse(xml, True)
        return self._found

    def _starts(self, name: str, told: dict[str, str]) -> None:
        tag = name.rpartition("}")[2]
        if tag == "row":
            self._row = int(told["r"]) - 1 if "r" in told else self._row + 1
            self._column = -1
        elif tag == "c":
            place = told.get("r")
            self._column = self._column + 1 if place is None else _column(place)
            self._type = told.get("t")
            self._has_formula = self._has_value = False
        elif tag == "f":
            self._has_formula = True
        elif tag == "v":
            self._in_value = True

    def _reads(self, _: str) -> None:
        self._has_value = self._has_value or self._in_value

    def _ends(self, name: str) -> None:
        tag = name.rpartition("}")[2]
        if tag == "v":
            self._in_value = False
        elif tag == "c":
            if self._type == "e":
                self._found[self._row, self._column] = ERROR
            elif self._has_formula and not self._has_value and self._type != "str":
                # A text that came out empty (`=""`) is a result too, and has the type `str`.
                self._found[self._row, self._column] = UNRECKONED


def _column(place: str) -> int:
    index = 0
    for letter in takewhile(str.isalpha, place.upper()):
        index = index * 26 + ord(letter) - 64
    return index - 1
