"""Send entries back to who recorded them (退回): what is refused, and the events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.batch import stored
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import EntryReturned
from ledger.instants import instant_text
from ledger.message import Message
from ledger.messages import reason_text
from ledger.receipts import Receipt
from ledger.rules import return_problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.state import LedgerState


def returns_of(
    state: LedgerState, ids: Iterable[str], reason: str, by: str, at: datetime
) -> tuple[list[StoredEvent], Receipt]:
    """Return the rows that send entries back, all of them or none.

    Args:
        state: what is known of them.
        ids: of the entries; one that is named twice is sent back once.
        reason: why, for who recorded them.
        by: who sends them back.
        at: the ledger's time.

    Raises:
        EntriesRefusedError: an id is unknown, an entry is verified, taken back or sent back
            already, `by` recorded it, or the reason is not valid.
    """
    event = EntryReturned(at=instant_text(at), by=by, reason=reason_text(reason))
    refused, rows, receipt = list[Refusal](), list["StoredEvent"](), Receipt()
    for name in dict.fromkeys(ids):
        known = state.get(name)
        if known is None:
            words = Message("is no entry of this ledger; entries alone are sent back")
            refused.append(Refusal(words, id=name))
            continue
        problem = return_problem(known, by)
        if problem is not None:
            refused.append(Refusal(problem, "by", name))
            continue
        rows.append(stored(name, known.version + 1, event))
    if refused:
        raise EntriesRefusedError(refused)
    receipt.entries = [str(row.originator_id) for row in rows]
    return rows, receipt
