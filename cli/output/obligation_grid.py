"""What units owe as a grid for each clause: units × months, notices or other days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from cli.output.measure_words import STATES
from ledger.message import Message
from projections.obligations import SOON

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from projections.facts import TownYear
    from projections.measure import Clause
    from projections.obligations import Obligation

CellState = Literal["in", "late", "missing", "due", "later"]
"""As of an obligation; `later` is what is due in more than a month."""

CELL_STATES: Mapping[str, str] = {
    "missing": Message("not in"),
    "late": Message("in late"),
    "due": Message("due within a month"),
    "later": Message("not yet due"),
    "in": Message("in"),
}
"""The words of each state, those first that need attention."""


class Column(NamedTuple):
    """One thing that each unit owes: a month, a day, a period, a notice."""

    what: str
    due: date


class Cell(NamedTuple):
    """What one unit owes in one column."""

    owed: Obligation
    state: CellState
    is_verified: bool
    """Whether its entry is; true without one."""

    @property
    def is_in(self) -> bool:
        """Return whether all that is owed is in, in time or late."""
        return self.state in {"in", "late"}


class Grid(NamedTuple):
    """What all units owe under one clause."""

    clause: Clause
    columns: list[Column]
    rows: dict[str, dict[Column, Cell]]
    """By unit."""

    def of_column(self, column: Column) -> tuple[int, int]:
        """Return how many units have it in, of how many that owe it."""
        return _counted([row[column] for row in self.rows.values() if column in row])

    def of_unit(self, unit: str) -> tuple[int, int]:
        """Return how many a unit has in, of those that are due by a month from now."""
        return _counted([one for one in self.rows[unit].values() if one.state != "later"])


def _counted(cells: Collection[Cell]) -> tuple[int, int]:
    return sum(one.is_in for one in cells), len(cells)


def grids(
    found: Iterable[Obligation], town: TownYear, unverified: Collection[str] = ()
) -> dict[str, Grid]:
    """Return by clause the grid of what is owed, in the order of the measure.

    Args:
        found: what is owed, by unit.
        town: the year.
        unverified: ids of entries that nobody has verified.
    """
    cells: dict[str, list[Cell]] = {}
    soon = town.through + SOON
    for one in found:
        state: CellState = one.state  # type: ignore[assignment]
        if one.state == "due" and one.due > soon:
            state = "later"
        is_verified = one.entry is None or one.entry not in unverified
        cells.setdefault(one.clause, []).append(Cell(one, state, is_verified))
    made = {}
    for slug, clause in town.measure.clauses.items():
        if slug in cells:
            columns = {Column(cell.owed.what, cell.owed.due) for cell in cells[slug]}
            rows: dict[str, dict[Column, Cell]] = {}
            for cell in cells[slug]:
                owed = cell.owed
                rows.setdefault(owed.unit, {})[Column(owed.what, owed.due)] = cell
            ordered = sorted(columns, key=lambda column: (column.due, column.what))
            made[slug] = Grid(clause, ordered, rows)
    return made


def state_words(cell: Cell, clause: Clause) -> str:
    """Return the state of a cell in words; of a quota with how many are in."""
    words = CELL_STATES[cell.state]
    if clause.kind == "milestone" and cell.state in STATES["milestone"]:
        words = STATES["milestone"][cell.state]
    if cell.owed.owed is None:
        return words
    if cell.state == "missing" and cell.owed.entry is not None:
        words = Message("too few")
    numbers = {"counted": str(cell.owed.counted), "owed": cell.owed.owed}
    return Message("{state} {counted}/{owed}", state=words, **numbers)
