"""Find merged cells with a value; the cells they cover are read as empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.workbooks.cells import is_empty
from ledger.message import Message
from ledger.submissions import letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cli.workbooks.tables import Cell


def covered_cells(
    ranges: Iterable[tuple[Cell, Cell]], rows: Sequence[Sequence[Any]]
) -> dict[Cell, str]:
    """Return the first covered cell in each row of a merged range with a value.

    Only the clerk knows whether a merged headcount or unit counts for all the rows it covers.
    """
    found: dict[Cell, str] = {}
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows) or left >= len(rows[top]) or is_empty(rows[top][left]):
            continue
        name = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        message = Message(
            "is part of the merged cell {name}; unmerge it, and write the value into each row "
            "that it counts for",
            name=name,
        )
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            column = left if row > top else left + 1
            if column <= right:
                found[row, column] = message
    return found
