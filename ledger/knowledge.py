"""What the service knows of a ledger when it decides: all of it, or what a few entries need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.progress import with_progress
from ledger.read_model import ReadModelError
from ledger.state import LedgerState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ledger.entries import AnyEntry
    from ledger.read_model.read_model import ReadModel
    from ledger.stores import Store

FEW = 1_000
"""Entries up to which only what they need is read of a large ledger."""


class Knowledge:
    """The newest state of a ledger, as far as it is asked for."""

    def __init__(self, store: Store, read_model: Callable[[], ReadModel | None]) -> None:
        """Of an open store.

        Args:
            store: the ledger.
            read_model: opens the ledger's view; None where it is small, or there is none.
        """
        self._store = store
        self._read_model = view
        self._state = LedgerState()

    def whole(self) -> LedgerState:
        """The lives of all entries; the same object at every call, caught up."""
        known = self._state
        # Asking for the head is cheaper than asking for rows, of which mostly there are none.
        head = self._store.position()
        if head == known.position:
            return known
        rows = self._store.rows(known.position)
        missing = head - known.position
        return known.fold(with_progress(rows, Message("replaying"), lambda: missing))

    def of_entries(self, entries: Sequence[AnyEntry]) -> LedgerState:
        """What the door has to know to admit entries, and perhaps more."""
        return self._by_view(
            len(entries),
            lambda read_model: read_model.lookup.for_door(read_model.follow(), entries),
        )

    def of_ids(self, ids: Collection[str]) -> LedgerState:
        """The lives of some entries and of what belongs to them, and perhaps more."""
        return self._by_view(
            len(ids), lambda read_model: read_model.lookup.state(read_model.follow(), ids=ids)
        )

    def _by_view(self, count: int, read: Callable[[ReadModel], LedgerState]) -> LedgerState:
        view = self._read_model() if count <= FEW else None
        if read_model is None:
            return self.whole()
        try:
            return read(read_model)
        except ReadModelError as error:
            read_model.give_up(error)
            self._read_model = lambda: None
            return self.whole()
