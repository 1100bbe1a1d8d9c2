"""Load the obligations of the year that a page of the desk shows, unverified entries counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.output.obligation_grid import Grid, grids
from ledger.codec import VERIFIED
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from datetime import date

    from cli.desk.work import Desk, Given
    from cli.output.obligation_grid import Cell
    from projections.facts import TownYear


class Owed(NamedTuple):
    """The obligations of units in a year, by clause."""

    town: TownYear
    grids: dict[str, Grid]
    """By clause."""
    names: dict[str, str]
    """Of units, by id."""


def owed(desk: Desk, unit: str | None = None) -> Owed:
    """Return what the units owe as of today up to the end of the year; or one unit alone.

    What is recorded counts, verified or not: it need not be recorded again.

    Raises:
        TallyError: the year cannot be scored.
    """
    town, found = desk.session.loader.obligations(
        ScoreQuery(desk.year, _through(desk), provisional=True), of_year=True
    )
    if unit is not None:
        found = [one for one in found if one.unit == unit]
    store = desk.ledger.store
    unverified = frozenset(store.ids_without(VERIFIED, store.position()))
    return Owed(town, grids(found, town, unverified), desk.session.unit_names())


def _through(desk: Desk) -> date:
    """Return today, or the last day of a year that is over."""
    measure, _ = desk.measures.of(desk.year, provisional=True)
    return min(desk.today, measure.calendar.last_day(desk.year))


def is_open(cell: Cell) -> bool:
    """Return whether another entry may be recorded for a cell.

    Where a report says what it is for, one that is recorded already is to be corrected.
    """
    return cell.state != "in" and (cell.owed.entry is None or cell.owed.about is None)


def year_kept(desk: Desk, given: Given) -> dict[str, str]:
    """Return the parameter of the year for links, if the address names one."""
    return {"year": str(desk.year)} if given.parameters.get("year") else {}
