"""Replay a ledger from its first event on, once; catch up with what was appended since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.omitting import Asides
from ledger.progress import with_progress
from ledger.state import LedgerState

if TYPE_CHECKING:
    from ledger.stores import Store


class Replay:
    """The whole state of an open ledger."""

    def __init__(self, store: Store) -> None:
        """Use an open store; nothing is replayed yet."""
        self._store = store
        self._state = LedgerState()
        self._left_out = set[int]()
        """Positions that were set aside before the state was folded over them."""
        self.asides = Asides(store)

    def position(self) -> int:
        """Return the position of the last event, or 0; learn what was set aside till then."""
        head = self._store.position()
        self.asides.follow(head)
        return head

    def state(self) -> LedgerState:
        """Return the state of all entries now: the same object, caught up."""
        # Asking for the head is cheaper than asking for rows, of which mostly there are none.
        head, omitted = self.position(), self._store.omitted
        if {one for one in omitted if one <= self._state.position} != self._left_out:
            # What was set aside has been folded, since it could be decoded.
            self._state, self._left_out = LedgerState(), set()
        known = self._state
        if head == known.position:
            return known
        missing = head - known.position
        rows = self._store.rows(known.position)
        known.fold(with_progress(rows, Message("replaying"), lambda: missing), omitted=omitted)
        self._left_out = {one for one in omitted if one <= known.position}
        return known

    def state_at(self, position: int) -> LedgerState:
        """Return the state of all entries as it was known at a position."""
        rows = with_progress(self._store.rows(to=position), Message("replaying"), lambda: position)
        return LedgerState().fold(rows, omitted=self._store.omitted_at(position))
