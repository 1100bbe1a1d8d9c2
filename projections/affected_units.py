"""The units whose scores a span of events can have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries.base import units_of
from ledger.events import ADOPTION, ADOPTION_IDS, ASIDE, PUBLICATION

if TYPE_CHECKING:
    from ledger.read_model.lookup import Lookup
    from ledger.stores import Store

MANY = 1_000
"""Number of events from which scoring all units again is faster."""

OF_ALL_UNITS = frozenset({"unit", "special_period", "notice", "ruling"})
"""Kinds of which one entry may change the score of every unit."""


def affected_units(lookup: Lookup, store: Store, after: int, to: int, year: int) -> set[str] | None:
    """Return the ids of the units whose scores of a year events after a position can affect.

    Former ids are among them. Rather too many than too few; None for every unit.
    """
    if to - after > MANY:
        return None
    changed_ids = {row[1] for row in store.rows(after, to) if not row[1].startswith(PUBLICATION)}
    if f"{ADOPTION}{year}" in changed_ids or any(one.startswith(ASIDE) for one in changed_ids):
        return None
    changed_ids -= set(ADOPTION_IDS)
    state = lookup.state(to, ids=changed_ids)
    changed = lookup.family(changed_ids | set(map(state.subject, changed_ids)))
    entries = state.entries
    if any(entries[name].entry.KIND in OF_ALL_UNITS for name in changed if name in entries):
        return None
    units = {unit for known in entries.values() for unit in units_of(known.entry)}
    units |= {one.event.unit for one in state.objections.values()}
    # Objections to what changed, and to what belongs to the year of something that changed.
    units.update(lookup.objecting(changed | entries.keys()))
    return lookup.family(units)
