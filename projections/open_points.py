"""Entries that await verification (核定), and undecided objections, by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import CarriedQuarter, InspectionFinding, Ruling, Unit
from ledger.entries.base import units_of
from projections.calendar import quarter_of, year_of
from projections.clause_relevance import clause_of
from projections.effective import Effective
from projections.occurrence import assessed_on, day_of
from projections.postings import OpenPoint

if TYPE_CHECKING:
    from datetime import date

    from ledger.entries import Entry
    from ledger.state import LedgerState


def unverified(
    state: LedgerState, year: int, through: date, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """Return the year's unverified entries by unit, up to a day.

    A batch is listed for its liable and its host unit, a reversal for the units of the entry that
    it takes back.
    """
    scope = _Scope(state, year, through, provisional=provisional)
    points: dict[str, list[OpenPoint]] = {}
    pending = [
        entry_state
        for entry_state in state.entries.values()
        if entry_state.verified is None and not scope.effective.taken_back(entry_state)
    ]
    # A partial state may hold its entries in another order than the ledger.
    for entry_state in sorted(pending, key=lambda entry_state: entry_state.recorded.position):
        subject = _subject(entry_state.entry, state)
        if subject is None:
            continue
        in_scope, quarter = scope.place(subject)
        if not in_scope:
            continue
        point = OpenPoint("unverified", entry_state.entry.id, clause_of(subject), quarter)
        for unit in units_of(subject):
            points.setdefault(scope.effective.referred(unit), []).append(point)
    return points


def objected(
    state: LedgerState, year: int, through: date, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """Return the undecided objections to what belongs to the year, by unit."""
    scope = _Scope(state, year, through, provisional=provisional)
    points: dict[str, list[OpenPoint]] = {}
    for objection in state.objections.values():
        if objection.decided is not None:
            continue
        event = objection.event
        period = event.period or ""
        in_scope, quarter = period.startswith(str(year)), None
        entry_state = None if event.entry is None else state.get(event.entry)
        subject = None if entry_state is None else _subject(entry_state.entry, state)
        if subject is not None:
            in_scope, quarter = scope.place(subject)
        if quarter is None and "Q" in period:
            quarter = int(period[-1])
        if in_scope:
            clause = event.clause if subject is None else clause_of(subject)
            point = OpenPoint("objection", objection.id, clause, quarter)
            points.setdefault(scope.effective.referred(event.unit), []).append(point)
    return points


def _subject(entry: Entry, state: LedgerState) -> Entry | None:
    """Return the entry that an entry is about, if it is there."""
    entry_state = state.get(state.subject(entry.id))
    return None if entry_state is None else entry_state.entry


class _Scope:
    """A year up to the close of a day, in one state of the ledger."""

    def __init__(self, state: LedgerState, year: int, through: date, *, provisional: bool) -> None:
        self.effective = Effective(state, provisional=provisional)
        self._state, self._year, self._through = state, year, through

    def place(self, entry: Entry) -> tuple[bool, int | None]:
        """Return whether an entry belongs to the year by the day; its quarter, if any."""
        if isinstance(entry, Unit):
            return True, None
        if isinstance(entry, InspectionFinding | Ruling | CarriedQuarter):
            return entry.year == self._year, None
        assessed = assessed_on(entry, self._state, self.effective)
        day = day_of(entry, self._state, self.effective)
        if assessed is None or day is None:
            return False, None
        return year_of(assessed) == self._year and day <= self._through, quarter_of(assessed)
