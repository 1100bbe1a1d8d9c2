"""Verifying entries and adoptions (核定): never by the name that recorded them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.adoptions import Adoption
from ledger.batch import stored
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import EntryVerified
from ledger.instants import instant_text
from ledger.message import Message
from ledger.receipts import Receipt
from ledger.rules import verification_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.state import LedgerState


def verification(
    state: LedgerState, ids: Sequence[str] | None, by: str, at: datetime
) -> tuple[list[StoredEvent], Receipt]:
    """Return the rows that verify entries and adoptions: those named, or all that `by` may.

    Args:
        state: what is known of them.
        ids: their originator ids; None for every one that awaits verification.
        by: who verifies.
        at: the ledger's time.

    Raises:
        EntriesRefusedError: a named id is unknown, or `by` recorded it.
    """
    event = EntryVerified(at=instant_text(at), by=by)
    refused, rows, receipt = list[Refusal](), list["StoredEvent"](), Receipt()
    for name in state.unverified() if ids is None else ids:
        known = state.verifiable(name)
        if known is None:
            refused.append(Refusal(Message("is not in this ledger"), id=name))
            continue
        problem = verification_problem(known, by)
        counts = known.effective if isinstance(known, Adoption) else known.verified is not None
        if problem is None:
            rows.append(stored(name, known.version + 1, event))
        elif counts:
            receipt.skipped += 1
            receipt.remarks.append(Message("{id}: {problem}", id=name, problem=problem))
        else:
            refused.append(Refusal(problem, "by", name))
    if refused and ids is not None:
        raise EntriesRefusedError(refused)
    receipt.remarks.extend(refusal.sentence() for refusal in refused)
    if refused:
        words = Message(
            "{count} left unverified: {by} recorded them, somebody else must verify them",
            count=len(refused),
            by=by,
        )
        receipt.remarks.append(words)
    receipt.verified = len(rows)
    receipt.entries = [str(row.originator_id) for row in rows]
    receipt.remarks.extend(_counting_twice(receipt.entries, state))
    return rows, receipt


def _counting_twice(verified: Collection[str], state: LedgerState) -> Iterator[str]:
    """Warn of replacements that are verified while the reversal that they rest on is not."""
    for entry_id in verified:
        known = state.get(entry_id)
        replaced = None if known is None else known.entry.replaces
        entry_state = None if replaced is None else state.get(replaced)
        if entry_state is None or entry_state.reversed is None or entry_state.verified is None:
            continue
        reversal = entry_state.reversed.by_entry
        if reversal not in verified and state.entries[reversal].verified is None:
            yield Message(
                "{entry_id}: {replaced}, which it replaces, counts beside it until "
                "{reversal} is verified too",
                entry_id=entry_id,
                replaced=replaced,
                reversal=reversal,
            )
