"""Ids that the ledger gives to entries without one: `SR-2016-0007`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import BY_KIND
from ledger.kinds import year_named
from ledger.vocabulary import DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from datetime import date

    from ledger.entries import Entry
    from ledger.rules import Measure


def series_of(entry: Entry, measure: Measure, today: date) -> str:
    """Return what the ids of an entry's series begin with: `SR-2016-`.

    The year is the calendar year of its day, else the year that it names, else this one.
    """
    kind = BY_KIND.get(entry.KIND) or measure.kind_of(entry)
    assert kind is not None
    day = entry.day()
    year = year_named(entry, measure) or today.year if day is None else day.year
    return f"{kind.PREFIX}-{year}-"


class Numbering:
    """The next free number of each series."""

    def __init__(self, last: Callable[[str], int], taken: Container[str]) -> None:
        """Continue after what is recorded.

        Args:
            last: returns the last number of a series in the ledger.
            taken: ids that the same import brings.
        """
        self._last_recorded, self._taken = last, taken
        self._last: dict[str, int] = {}

    def next(self, series: str) -> str:
        """Return the next id of a series."""
        number = self._last[series] if series in self._last else self._last_recorded(series)
        while True:
            number += 1
            entry_id = f"{series}{number:0{DIGITS}d}"
            if entry_id not in self._taken:
                self._last[series] = number
                return entry_id
