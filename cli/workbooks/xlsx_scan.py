"""Find the cells of a sheet's XML with an error or a formula without result."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from cli.workbooks.tables import column_index
from ledger.message import Message

if TYPE_CHECKING:
    from cli.workbooks.tables import Cell

EXCEL_ERROR = Message("holds an Excel error (such as #N/A); write the value itself")
NO_RESULT = Message(
    "holds a formula without a result; open and save the workbook in Excel or WPS, "
    "or write the value itself"
)


def faulty_cells(xml: bytes) -> dict[Cell, str]:
    """Return the cells that a reader gives as empty but are not, with a message each.

    Raises:
        expat.ExpatError: it is not XML.
    """
    parser, scan = expat.ParserCreate(namespace_separator="}"), _Scan()
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.buffer_text = True
    parser.Parse(xml, True)
    return scan.found


class _Scan:
    """Handle the events of a sheet's XML.

    Byte patterns would miss cells with namespace prefixes, other quotes, or no reference, which
    follow the cell before (ECMA-376, 18.3.1.4).
    """

    def __init__(self) -> None:
        self.found: dict[Cell, str] = {}
        self._row, self._column = -1, -1
        self._type: str | None = None
        self._has_formula = self._in_value = self._has_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        tag, reference = name.rpartition("}")[2], attributes.get("r")
        if tag == "row":
            self._row = self._row + 1 if reference is None else int(reference) - 1
            self._column = -1
        elif tag == "c":
            self._column = (
                self._column + 1
                if reference is None
                else column_index(reference.upper().rstrip("0123456789"))
            )
            self._type = attributes.get("t")
            self._has_formula = self._has_value = False
        elif tag == "f":
            self._has_formula = True
        elif tag == "v":
            self._in_value = True

    def text(self, _: str) -> None:
        """Handle text."""
        self._has_value = self._has_value or self._in_value

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        tag = name.rpartition("}")[2]
        if tag == "v":
            self._in_value = False
        elif tag == "c":
            if self._type == "e":
                self.found[self._row, self._column] = EXCEL_ERROR
            elif self._has_formula and not self._has_value and self._type != "str":
                # A formula with an empty text as its result (`=""`) has the type `str`.
                self.found[self._row, self._column] = NO_RESULT
