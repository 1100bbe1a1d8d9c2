"""Merged cells: only the first of them has a value, and the rest would silently have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.workbooks.cells import is_empty
from ledger.message import Message
from ledger.submissions import letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from cli.workbooks.scanning import Cell

    Range = tuple[Cell, Cell]


def covered(ranges: Iterable[Range], rows: Sequence[Sequence[Any]]) -> dict[Cell, str]:
    """The first covered cell of each row of each merged range that has something in it.

    What a merged headcount or unit means for the rows that it covers is for the clerk to say.
    """
    found: dict[Cell, str] = {}
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows) or left >= len(rows[top]) or is_empty(rows[top][left]):
            continue
        name = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        message = Message(
            "is a part of the merged cell {name}; unmerge it, and write into each row what counts "
            "there",
            name=name,
        )
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            column = left if row > top else left + 1
            if column <= right:
                found[row, column] = message
    return found
