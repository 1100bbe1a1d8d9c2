"""What the service knows of a ledger when it decides: all of it, or what a few entries need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.progress import with_progress
from ledger.state import LedgerState
from ledger.view import ViewError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ledger.entries import AnyEntry
    from ledger.stores import Store
    from ledger.view.view import View

FEW = 1_000
"""Entries up to which only what they need is read of a large ledger."""


class Knowledge:
    """The newest state of a ledger, as far as it is asked for."""

    def __init__(self, store: Store, view: Callable[[], View | None]) -> None:
        """Of an open store.

        Args:
            store: the ledger.
            view: opens the ledger's view; None where it is small, or there is none.
        """
        self._store = store
        self._view = view
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
            len(entries), lambda view: view.lookup.for_door(view.follow(), entries)
        )

    def of_ids(self, ids: Collection[str]) -> LedgerState:
        """The lives of some entries and of what belongs to them, and perhaps more."""
        return self._by_view(len(ids), lambda view: view.lookup.state(view.follow(), ids=ids))

    def _by_view(self, count: int, read: Callable[[View], LedgerState]) -> LedgerState:
        view = self._view() if count <= FEW else None
        if view is None:
            return self.whole()
        try:
            return read(view)
        except ViewError as error:
            view.give_up(error)
            self._view = lambda: None
            return self.whole()
