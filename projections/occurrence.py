"""The day and the assessment year that an entry belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import OnSiteResponse, ScreeningReport
from ledger.kinds import year_named

if TYPE_CHECKING:
    from datetime import date

    from ledger.entries import Entry
    from ledger.rules import Measure
    from ledger.state import LedgerState
    from projections.adopted import Measures
    from projections.effective import Effective


def day_of(entry: Entry, state: LedgerState, effective: Effective) -> date | None:
    """Return the day on which an entry occurred; of a response, its batch's day."""
    if isinstance(entry, OnSiteResponse):
        return _own_day_of(effective.referred(entry.batch), state)
    return entry.day()


def assessed_on(
    entry: Entry, state: LedgerState, effective: Effective, measure: Measure
) -> date | None:
    """Return the day whose quarter an entry belongs to; of a report, its due day."""
    notice = entry.notice if isinstance(entry, ScreeningReport) else measure.notice_of(entry)
    if notice is not None:
        return _own_day_of(effective.referred(notice), state)
    if isinstance(entry, OnSiteResponse):
        return day_of(entry, state, effective)
    return measure.assessed_day(entry)


def _own_day_of(entry_id: str, state: LedgerState) -> date | None:
    entry_state = state.get(entry_id)
    return None if entry_state is None else entry_state.entry.day()


def year_of_entry(
    entry: Entry, state: LedgerState, effective: Effective, measures: Measures
) -> int | None:
    """Return the assessment year that an entry belongs to.

    None for units, and where no year with a measure has the entry's day.
    """
    year = year_named(entry, measures)
    if year is not None:
        return year
    day = assessed_on(entry, state, effective, measures)
    return None if day is None else measures.year_of(day)


def periods_of_entry(
    entry: Entry, state: LedgerState, effective: Effective, measures: Measures
) -> set[str]:
    """Return the names of the year and of the period that an entry belongs to; none of neither."""
    year = year_of_entry(entry, state, effective, measures)
    if year is None:
        return set()
    day = assessed_on(entry, state, effective, measures)
    calendar = measures.of(year, provisional=True).measure.calendar
    number = None if day is None else calendar.period_of(day)
    return {str(year)} | (set() if number is None else {calendar.period(year, number).name})
