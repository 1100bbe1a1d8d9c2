"""Load the state of an open ledger: all of it, kept and caught up, or what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.omitting import Asides
from ledger.progress import with_progress
from ledger.read_model import ReadModelError
from ledger.state import LedgerState, adopted
from ledger.state_filters import topics_of
from ledger.stores import RowFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from ledger.read_model.read_model import ReadModel
    from ledger.state import EntryState
    from ledger.stores import Store

FEW = 1_000
"""Entries up to which a large ledger is not loaded whole to validate them."""


class LedgerReader:
    """An open ledger to read from."""

    def __init__(self, store: Store, read_model: Callable[[], ReadModel | None]) -> None:
        """Use an open store; nothing is replayed yet.

        Args:
            store: where the events are.
            read_model: opens the read model of a large ledger; returns None where there is none, or
                it was given up.
        """
        self.store = store
        self._open_read_model = read_model
        self._state = LedgerState()
        self._left_out = set[int]()
        """Positions that were set aside before the state was folded over them."""
        self.asides = Asides(store)
        self.position()

    def position(self) -> int:
        """Return the position of the last event, or 0; learn what was set aside till then."""
        head = self.store.position()
        self.asides.follow(head)
        return head

    def state(self) -> LedgerState:
        """Return the state of all entries now: the same object at every call, caught up."""
        # Asking for the head is cheaper than asking for rows, of which mostly there are none.
        head, omitted = self.position(), self.store.omitted
        if {one for one in omitted if one <= self._state.position} != self._left_out:
            # What was set aside has been folded, since it could be decoded.
            self._state, self._left_out = LedgerState(), set()
        known = self._state
        if head == known.position:
            return known
        missing = head - known.position
        rows = self.store.rows(known.position)
        known.fold(with_progress(rows, Message("replaying"), lambda: missing), omitted=omitted)
        self._left_out = {one for one in omitted if one <= known.position}
        return known

    def state_at(self, position: int) -> LedgerState:
        """Return the state of all entries as it was known at a position."""
        rows = with_progress(self.store.rows(to=position), Message("replaying"), lambda: position)
        return LedgerState().fold(rows, omitted=self.store.omitted_at(position))

    def state_of_kinds(self, kinds: Iterable[str], position: int) -> LedgerState:
        """Return the state of all entries of kinds without references, with reversals.

        It is selected by topic, as it was known at a position.
        """
        topics = topics_of((*kinds, "reversal"))
        ids = {row[1] for row in self.store.rows_matching([RowFilter(topics)], position)}
        state = adopted(self.store, position).fold(self.store.rows_of(ids, position), partial=True)
        state.position = position
        return state

    def state_of(self, ids: Collection[str]) -> LedgerState:
        """Return the newest state of some entries and of what belongs to them, perhaps more."""
        return self._by_read_model(
            len(ids), lambda model: model.lookup.state(model.follow(), ids=ids)
        )

    def entry_state(self, entry_id: str, position: int) -> EntryState | None:
        """Return the state of one entry as it was known at a position, loaded by itself."""
        rows = self.store.rows_of([entry_id], position)
        return LedgerState().fold(rows, partial=True).get(entry_id)

    def _by_read_model(self, count: int, load: Callable[[ReadModel], LedgerState]) -> LedgerState:
        """Load what few entries need by the read model, or the whole state without one."""
        model = self._open_read_model() if count <= FEW else None
        if model is None:
            return self.state()
        try:
            return load(model)
        except ReadModelError as error:
            model.give_up(error)
            return self.state()
