"""Append events by optimistic concurrency: decide, append, and on a conflict decide again."""

from __future__ import annotations

import random
import time
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from ledger.errors import LedgerMovedError
from ledger.stores import StoredRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventsourcing.persistence import StoredEvent

    from ledger.integrity.head import KeptHead
    from ledger.receipts import Receipt
    from ledger.state import LedgerState
    from ledger.stores import Store

    Decide = Callable[[LedgerState], tuple[Sequence[StoredEvent], Receipt]]
    """Decides on a state which events to append."""

PAGE = 5_000
"""Appended events that are folded into the state at once, and not read back."""

PATIENCE = 30
"""Seconds for which an append is retried after other writers came first."""

_SPACING = 0.05
"""Seconds between two tries, at most."""


def append(
    store: Store,
    decide: Decide,
    know: Callable[[], LedgerState],
    *,
    head: KeptHead | None = None,
    at_position: int | None = None,
    dry_run: bool = False,
) -> Receipt:
    """Decide on the newest state and append.

    On a conflict with another writer: reload, decide again and retry, for `PATIENCE` seconds.

    Args:
        store: the ledger.
        decide: returns the events and the receipt.
        know: loads as much of the newest state as `decide` needs.
        head: the last acknowledged event, which the ledger must have; kept after the append.
        at_position: append only if the ledger still ends there.
        dry_run: stop short of the append.

    Raises:
        LedgerMovedError: the ledger ends elsewhere than `at_position`, or others kept coming first.
        RolledBackError: the ledger lacks the last acknowledged event; nothing was written.
    """
    until = time.monotonic() + PATIENCE
    while True:
        state = know()
        if at_position is not None and state.position != at_position:
            raise LedgerMovedError(at_position, state.position)
        events, receipt = decide(state)
        receipt.position = state.position
        if dry_run or not events:
            return receipt
        if head is not None:
            # After `know`: the read model may have known more than the ledger has.
            head.check(store)
        if len(events) <= PAGE:
            events = [*events]  # made and signed once
        try:
            store.recorder.insert_events(events, after=state.position)
        except LedgerMovedError:
            if time.monotonic() > until:
                raise
            time.sleep(random.random() * _SPACING)  # noqa: S311 - mere spacing
            continue
        receipt.position = state.position + len(events)
        if head is not None:
            head.appended(store, partial(_last_row, store, receipt.position, events))
        if len(events) <= PAGE:
            # What was just appended is known: no need to read it back.
            from ledger.batch import row_of  # noqa: PLC0415 - not for commands that only read

            state.fold(map(row_of, count(state.position + 1), events))
        return receipt


def _last_row(store: Store, position: int, events: Sequence[StoredEvent]) -> StoredRow:
    """Return the last row of an append, made again if it was short, else read."""
    if len(events) > PAGE:
        return next(store.raw(position - 1, position))
    from ledger.batch import row_of  # noqa: PLC0415 - not for commands that only read

    return StoredRow(*row_of(position, events[-1]))
