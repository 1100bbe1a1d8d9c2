"""The entries on which a unit's score of a period rests, as they may be shown to that unit."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ledger.entries import Notice, Ruling, SpecialPeriod, Unit
from ledger.entries.base import units_of
from projections.effective import Effective
from projections.occurrence import assessed_on
from projections.unit_parts import UnitParts
from projections.year_loader import load_year

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ledger.entries import Entry
    from ledger.state import LedgerState
    from ledger.stores import Store
    from projections.measure import Measure


def bearing_entries(
    store: Store,
    measure: Measure,
    year: int,
    unit: str,
    to: int,
    last: date,
    cited: Collection[str],
) -> list[str]:
    """Return the ids of the entries of a unit and of the town that its score rests on.

    Rather too much than too little, but no other unit's entries. What is dated after the last day
    is among them only if it is about something before it, or cited.

    Args:
        store: the ledger.
        measure: of the year.
        year: the assessment year.
        unit: the unit's first id.
        to: the last position that counts.
        last: the last day of the period.
        cited: entries that the explanation names.
    """
    state = load_year(store, measure.calendar.span(year), to)
    part = UnitParts(state).part(unit)
    known = _Bearing(state, measure, year, unit, last)
    kept = {
        name
        for name, one in part.entries.items()
        if name in cited or (known.is_shown(one.entry) and known.is_dated(one.entry))
    }
    related = defaultdict[str, set[str]](set)
    for name, one in part.entries.items():
        if known.is_shown(one.entry):
            for other in (*one.entry.subjects(), one.entry.replaces):
                if other is not None:
                    related[name].add(other)
                    related[other].add(name)
    # Reversals, replacements, responses and resolutions of what is kept, whatever their day.
    left = [*kept]
    while left:
        fresh = (related[left.pop()] & part.entries.keys()) - kept
        fresh = {name for name in fresh if known.is_shown(part.entries[name].entry)}
        kept |= fresh
        left += fresh
    return [name for name in part.entries if name in kept]


class _Bearing:
    """Decides which entries are the unit's or the town's, and of the period or before."""

    def __init__(
        self, state: LedgerState, measure: Measure, year: int, unit: str, last: date
    ) -> None:
        self._state, self._measure, self._effective = state, measure, Effective(state)
        self._span, self._unit, self._last = measure.calendar.span(year), unit, last

    def is_shown(self, entry: Entry) -> bool:
        """Return whether an entry is of the unit, or of the town and about no other unit's."""
        root, units = self._state.root, units_of(entry)
        if isinstance(entry, Unit):
            return root(entry.id) == self._unit
        if units:
            return self._unit in map(root, units)
        about = [self._state.entries[one].entry for one in entry.subjects()
                 if one in self._state.entries]  # fmt: skip
        return not about or any(map(self.is_shown, about))

    def is_dated(self, entry: Entry) -> bool:
        """Return whether an entry bears on the period by its day, and not by another alone."""
        if isinstance(entry, Ruling):
            return entry.year == self._span.year
        if entry.subjects():
            return False
        day = assessed_on(entry, self._state, self._effective, self._measure)
        if isinstance(entry, Notice | SpecialPeriod) and day is not None and day < self._span.first:
            return False
        return day is None or day <= self._last
