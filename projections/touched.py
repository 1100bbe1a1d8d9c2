"""Which units' scores a stretch of the ledger can have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import Reversal
from ledger.events import PUBLICATION
from projections.bearing import units_of

if TYPE_CHECKING:
    from ledger.read_model.lookup import Lookup
    from ledger.state import LedgerState
    from ledger.stores import Store

MANY = 1_000
"""Events after which it is sooner to score the whole town anew."""

_OF_ALL = frozenset({"unit", "special_period", "notice", "ruling"})
"""What happens to one of these may change the score of every unit."""


def touched(lookup: Lookup, store: Store, after: int, to: int) -> set[str] | None:
    """The ids, former ones too, of the units that the events behind a position bear on.

    Too many rather than too few; None for every unit.
    """
    if to - after > MANY:
        return None
    subjects = {row[1] for row in store.rows(after, to) if not row[1].startswith(PUBLICATION)}
    state = lookup.state(to, ids=subjects)
    changed = lookup.family(subjects | _taken_back(state, subjects))
    lives = state.entries
    if any(lives[name].entry.KIND in _OF_ALL for name in changed if name in lives):
        return None
    units = {unit for life in lives.values() for unit in units_of(life.entry)}
    units |= {one.event.unit for one in state.objections.values()}
    # To what changed, and to what belongs to the year of something that changed.
    units.update(lookup.objecting(changed | lives.keys()))
    return lookup.family(units)


def _taken_back(state: LedgerState, subjects: set[str]) -> set[str]:
    lives = (state.get(name) for name in subjects)
    return {
        life.entry.of for life in lives if life is not None and isinstance(life.entry, Reversal)
    }
