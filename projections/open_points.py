"""Entries that await verification (核定) and objections that await a decision, by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import InspectionFinding, Ruling, Unit
from projections.bearing import clause_of, units_of
from projections.calendar import quarter_of
from projections.causes import subject_of
from projections.effective import Effective
from projections.occurrence import assessed_on, day_of, year_of_entry
from projections.postings import OpenPoint

if TYPE_CHECKING:
    from datetime import date

    from ledger.entries import Entry
    from ledger.state import LedgerState


def unverified(
    state: LedgerState, year: int, through: date, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """By unit, the entries dated in the year and by the day that nobody has verified yet.

    A batch stands under its liable and its host unit, a reversal under the units of what it
    takes back.
    """
    effective = Effective(state, provisional=provisional)
    waiting: dict[str, list[OpenPoint]] = {}
    pending = [
        life
        for life in state.entries.values()
        if life.verified is None and not effective.taken_back(life)
    ]
    # A part of a ledger comes in another order than the ledger itself.
    for life in sorted(pending, key=lambda life: life.recorded.position):
        subject = _subject(life.entry, state)
        if subject is None or not _in_view(subject, state, effective, year, through):
            continue
        day = assessed_on(subject, state, effective)
        quarter = None if day is None else quarter_of(day)
        point = OpenPoint("unverified", life.entry.id, clause_of(subject), quarter)
        for unit in units_of(subject):
            waiting.setdefault(effective.referred(unit), []).append(point)
    return waiting


def objected(
    state: LedgerState, year: int, through: date, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """By unit, the objections that the office has not decided, to what lies in the year."""
    effective = Effective(state, provisional=provisional)
    waiting: dict[str, list[OpenPoint]] = {}
    for objection in state.objections.values():
        event = objection.event
        life = None if event.entry is None else state.get(event.entry)
        subject = None if life is None else _subject(life.entry, state)
        in_view = (
            event.period is not None and event.period.startswith(str(year))
            if subject is None
            else _in_view(subject, state, effective, year, through)
        )
        if objection.decided is None and in_view:
            clause = event.clause if subject is None else clause_of(subject)
            unit = effective.referred(event.unit)
            day = None if subject is None else assessed_on(subject, state, effective)
            quarter = int(event.period[-1]) if event.period and "Q" in event.period else None
            if day is not None:
                quarter = quarter_of(day)
            point = OpenPoint("objection", objection.id, clause, quarter)
            waiting.setdefault(unit, []).append(point)
    return waiting


def _subject(entry: Entry, state: LedgerState) -> Entry | None:
    """The entry that an entry is about, if it is there."""
    life = state.get(subject_of(entry.id, state))
    return None if life is None else life.entry


def _in_view(
    entry: Entry, state: LedgerState, effective: Effective, year: int, through: date
) -> bool:
    if isinstance(entry, Unit):
        return True
    if year_of_entry(entry, state, effective) != year:
        return False
    if isinstance(entry, InspectionFinding | Ruling):
        return True
    day = day_of(entry, state, effective)
    return day is not None and day <= through
