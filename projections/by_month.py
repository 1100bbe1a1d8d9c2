"""What counts in a year by month: batches by level with their people, other entries by kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ledger.entries import PetitionBatch
from projections.occurrence import day_of

if TYPE_CHECKING:
    from datetime import date

    from ledger.state import LedgerState
    from projections.effective import Effective

Month = tuple[int, int]
"""A calendar year and the number of a month in it, from 1."""


class ByMonth(NamedTuple):
    """How much counts, by what it is and month."""

    batches: Counter[tuple[str, Month]]
    """By level."""
    people: Counter[tuple[str, Month]]
    """The headcounts of these batches."""
    others: Counter[tuple[str, Month]]
    """Other entries that bear a day, by kind."""


def by_month(state: LedgerState, effective: Effective, first: date, last: date) -> ByMonth:
    """Return what counts and bears a day from the first to the last one."""
    found = ByMonth(Counter(), Counter(), Counter())
    for _, entry in effective.entries():
        day = day_of(entry, state, effective)
        if day is None or not first <= day <= last:
            continue
        month = (day.year, day.month)
        if isinstance(entry, PetitionBatch):
            found.batches[entry.level, month] += 1
            found.people[entry.level, month] += entry.headcount
        else:
            found.others[entry.KIND, month] += 1
    return found


def months_of(first: date, last: date) -> list[Month]:
    """Return the months of a span, in order."""
    start, end = (day.year * 12 + day.month - 1 for day in (first, last))
    return [(at // 12, at % 12 + 1) for at in range(start, end + 1)]
