"""Tables of cells, as read from a workbook's sheet or a CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell = tuple[int, int]
"""Row and column, from 0."""

DAMAGED = Message(
    "is damaged or not a workbook; open it in Excel or WPS and save it again as .xlsx"
)
DISPUTED = Message(
    "is written in a way that programs read differently, so that cells could be lost; open it in "
    "Excel or WPS and save it again as .xlsx"
)
LOCKED = Message("is protected by a password; save it without one")
EXCEL_ERROR = Message("holds an Excel error (such as #N/A); write the value itself")
MARKED = Message(
    "is struck out, or has struck-out, superscript or subscript text; leave only what counts, in "
    "the usual font, or delete the row"
)
VOLATILE = Message(
    "holds a formula whose result changes every time that the file is opened (as that of TODAY or "
    "RAND); write the value itself"
)
LINKED = Message(
    "holds a formula that takes its result from another workbook, in which it may be another one "
    "by now; write the value itself"
)
DEPENDENT = Message(
    "holds a formula that depends, or may depend, on a cell whose value changes when the file is "
    "opened, is that of another workbook, or was never calculated; write the value itself"
)
CONDITIONAL = Message(
    "is shown otherwise by a conditional format (a number format, or struck out); delete that "
    "rule, then check what the cell holds"
)
NO_RESULT = Message(
    "holds a formula without a result; open and save the workbook in Excel or WPS, "
    "or write the value itself"
)


class Table(NamedTuple):
    """Rows of cells from the first row and column on, also empty ones."""

    name: str
    """The sheet's name; of a CSV file its name without the suffix."""
    sheet: str | None
    """The sheet's name; None for a CSV file."""
    rows: Sequence[Sequence[Any]]
    faults: Mapping[Cell, str]
    """Cells that must not be read, with a message each."""
    formats: Mapping[Cell, str]
    """Number formats of cells, where not General."""
    merged: Mapping[Cell, str]
    """Cells covered by a merged one that has a value, with a message each."""
    hidden: bool


class FileError(ValueError):
    """A file cannot be read; the message says why and what to do."""


def missing_library(library: str) -> FileError:
    """Return the error for a library of the extra `office` that is not installed."""
    return FileError(
        Message(
            "cannot be read without {library}; run `pip install '.[office]'` in tally's source "
            "folder",
            library=library,
        )
    )


def column_index(letters: str) -> int:
    """Return the number of a column that Excel names by letters: A → 0, AA → 26."""
    index = 0
    for ch in letters:
        index = index * 26 + ord(ch) - 64
    return index - 1
