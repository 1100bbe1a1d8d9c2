"""Entries that await verification (核定), and undecided objections, by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import CarriedQuarter, InspectionFinding, MeasureEntry, Ruling, Unit
from ledger.entries.base import units_of
from projections.effective import Effective
from projections.occurrence import assessed_on, day_of
from projections.postings import OpenPoint

if TYPE_CHECKING:
    from datetime import date

    from ledger.entries import Entry
    from ledger.state import LedgerState
    from projections.facts import TownYear

    Span = tuple[date, date]
    """The first and the last day of something."""


def unverified(
    state: LedgerState, town: TownYear, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """Return the year's unverified entries by unit, up to a day.

    A batch is listed for its liable and its host unit, a reversal for the units of the entry that
    it takes back.
    """
    scope = _Scope(state, town, provisional=provisional)
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
        in_scope, period, span = scope.place(subject)
        if not in_scope:
            continue
        for named in units_of(subject):
            # What names a unit's replacement counts for nobody until that is verified.
            unit = scope.effective.standing(named)
            if unit is not None and (span is None or scope.assesses(unit, *span)):
                of_unit = state.get(unit)
                given = None if of_unit is None else of_unit.entry
                clause = town.measure.clause_of(subject, given)
                point = OpenPoint("unverified", entry_state.entry.id, clause, period)
                points.setdefault(state.root(unit), []).append(point)
    return points


def objected(
    state: LedgerState, town: TownYear, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """Return the undecided objections to what belongs to the year, by unit."""
    scope = _Scope(state, town, provisional=provisional)
    points: dict[str, list[OpenPoint]] = {}
    for objection in state.objections.values():
        if objection.decided is not None:
            continue
        event = objection.event
        named = None if event.period is None else town.calendar.named(event.period)
        in_scope = event.period == str(town.year) or (named or (0, 0))[0] == town.year
        period = None if named is None else named[1]
        entry_state = None if event.entry is None else state.get(event.entry)
        subject = None if entry_state is None else _subject(entry_state.entry, state)
        if subject is not None:
            in_scope, period, _ = scope.place(subject)
        if in_scope:
            clause = event.clause if subject is None else town.measure.clause_of(subject)
            point = OpenPoint("objection", objection.id, clause, period)
            points.setdefault(state.root(event.unit), []).append(point)
    return points


def _subject(entry: Entry, state: LedgerState) -> Entry | None:
    """Return the entry that an entry is about, if it is there."""
    entry_state = state.get(state.subject(entry.id))
    return None if entry_state is None else entry_state.entry


class _Scope:
    """A year up to the close of a day, in one state of the ledger."""

    def __init__(self, state: LedgerState, town: TownYear, *, provisional: bool) -> None:
        self.effective = Effective(state, provisional=provisional)
        self._state, self._town = state, town

    def assesses(self, unit_id: str, first: date, last: date) -> bool:
        """Return whether a unit that counts is assessed on a day of a span."""
        entry_state = self._state.get(unit_id)
        if entry_state is None or not isinstance(entry_state.entry, Unit):
            return True
        return entry_state.entry.is_assessed(first, last)

    def place(  # noqa: PLR0911 - one return a kind of entry
        self, entry: Entry
    ) -> tuple[bool, int | None, Span | None]:
        """Return whether an entry belongs to the year by the day; its period and days, if any."""
        town = self._town
        if isinstance(entry, Unit):
            return True, None, None
        if isinstance(entry, InspectionFinding):
            return entry.year == town.year, None, (town.last, town.last)
        if isinstance(entry, Ruling):
            return entry.year == town.year, None, None
        if isinstance(entry, CarriedQuarter):
            named = town.calendar.named(entry.period)
            if named is None or named[0] != town.year:
                return False, None, None
            period = town.calendar.period(*named)
            return period.first <= town.through, named[1], (period.first, period.last)
        if isinstance(entry, MeasureEntry) and entry.dated is None:
            named_year = town.measure.year_named(entry)
            return named_year == town.year, None, (town.last, town.last)
        assessed = assessed_on(entry, self._state, self.effective, town.measure)
        day = day_of(entry, self._state, self.effective)
        if assessed is None or day is None:
            return False, None, None
        in_year = town.first <= assessed <= town.last
        period_of = town.calendar.period_of
        return in_year and day <= town.through, period_of(assessed), (assessed, assessed)
