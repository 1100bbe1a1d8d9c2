"""Say on which day of a year a report of a measure's own kind was due, by what it names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.entries import BY_KIND
from projections.kinds.due import Parameters, days_owed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ledger.entries import Entry
    from projections.measure import Measure


@lru_cache(64)
def _days_named(measure: Measure, kind: str, year: int) -> Mapping[str, date]:
    """Return by name the days of a year on which a report of a measure's own kind is owed."""
    fields = measure.fields(kind)
    return {
        name: day
        for given in _of_own_kind(measure, kind)
        for name, day in days_owed(given, fields, measure.calendar, year)
    }


@lru_cache(64)
def _of_own_kind(measure: Measure, kind: str) -> list[Parameters]:
    """Return the parameters of the clauses whose report, of an own kind, says which one it is."""
    found = [one.parameters for one in measure.clauses.values() if one.kind == "due"]
    return [one for one in found if one.entry == kind not in BY_KIND and one.owed_for is not None]


def due_day(measure: Measure, entry: Entry, year: int) -> date | None:
    """Return the day of a year on which a report of an own kind was due, by what it says it is.

    None if the measure owes no such report in that year.
    """
    for given in _of_own_kind(measure, entry.KIND):
        named = entry.of_field(given.owed_for or "")
        if named is not None:
            return _days_named(measure, entry.KIND, year).get(str(named))
    return None


def notice_of(measure: Measure, entry: Entry) -> str | None:
    """Return the id of the notice that a report of an own kind is for."""
    fields = {one.owed_for for one in _of_own_kind(measure, entry.KIND) if one.notices}
    references = entry.references() if fields else ()
    return next((named for field, named, _ in references if field in fields), None)
