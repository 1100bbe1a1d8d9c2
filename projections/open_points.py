"""Entries that await verification (核定) and objections that await a decision, by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import InspectionFinding, Ruling, Unit
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
    """Return, by unit, the entries dated in the year and by the day that nobody has verified.

    A batch is listed for its liable and its host unit, a reversal for the units of the entry that
    it takes back.
    """
    view = _View(state, year, through, provisional=provisional)
    waiting: dict[str, list[OpenPoint]] = {}
    pending = [
        entry_state
        for entry_state in state.entries.values()
        if entry_state.verified is None and not view.effective.taken_back(entry_state)
    ]
    # A part of a ledger comes in another order than the ledger itself.
    for entry_state in sorted(pending, key=lambda entry_state: entry_state.recorded.position):
        subject = _subject(entry_state.entry, state)
        if subject is None:
            continue
        shown, quarter = view.place(subject)
        if not shown:
            continue
        point = OpenPoint("unverified", entry_state.entry.id, clause_of(subject), quarter)
        for unit in units_of(subject):
            waiting.setdefault(view.effective.referred(unit), []).append(point)
    return waiting


def objected(
    state: LedgerState, year: int, through: date, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """Return, by unit, the objections to what lies in the year that nobody has decided."""
    view = _View(state, year, through, provisional=provisional)
    waiting: dict[str, list[OpenPoint]] = {}
    for objection in state.objections.values():
        if objection.decided is not None:
            continue
        event = objection.event
        period = event.period or ""
        shown, quarter = period.startswith(str(year)), None
        entry_state = None if event.entry is None else state.get(event.entry)
        subject = None if entry_state is None else _subject(entry_state.entry, state)
        if subject is not None:
            shown, quarter = view.place(subject)
        if quarter is None and "Q" in period:
            quarter = int(period[-1])
        if shown:
            clause = event.clause if subject is None else clause_of(subject)
            point = OpenPoint("objection", objection.id, clause, quarter)
            waiting.setdefault(view.effective.referred(event.unit), []).append(point)
    return waiting


def _subject(entry: Entry, state: LedgerState) -> Entry | None:
    """Return the entry that an entry is about, if it is there."""
    entry_state = state.get(state.subject(entry.id))
    return None if entry_state is None else entry_state.entry


class _View:
    """A year of a state, seen at the close of a day."""

    def __init__(self, state: LedgerState, year: int, through: date, *, provisional: bool) -> None:
        self.effective = Effective(state, provisional=provisional)
        self._state, self._year, self._through = state, year, through

    def place(self, entry: Entry) -> tuple[bool, int | None]:
        """Return whether an entry belongs to what is seen, and its quarter, if it has one."""
        if isinstance(entry, Unit):
            return True, None
        if isinstance(entry, InspectionFinding | Ruling):
            return entry.year == self._year, None
        assessed = assessed_on(entry, self._state, self.effective)
        day = day_of(entry, self._state, self.effective)
        if assessed is None or day is None:
            return False, None
        return year_of(assessed) == self._year and day <= self._through, quarter_of(assessed)
