"""Verifying entries (核定): never by the name that recorded them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import same_person
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import EntryVerified
from ledger.receipts import Receipt
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ledger.register import Register


def verification(
    register: Register, ids: Sequence[str] | None, by: str, at: datetime
) -> tuple[list[EntryVerified], Receipt]:
    """The events that verify entries: the named ones, or with None all that `by` may.

    Args:
        register: what is known of the entries.
        ids: the entries; None for every one that awaits verification.
        by: who verifies.
        at: the ledger's time.

    Raises:
        EntriesRefusedError: a named id is unknown, or `by` recorded it.
    """
    refused, events, receipt = list[Refusal](), list[EntryVerified](), Receipt()
    for entry_id in register.unverified() if ids is None else ids:
        life = register.get(entry_id)
        if life is None:
            refused.append(Refusal(Said("is not in this ledger"), id=entry_id))
        elif life.verified is not None:
            receipt.skipped += 1
            done = life.verified
            receipt.remarks.append(
                Said(
                    "{entry_id}: verified already by {by} on {at:%Y-%m-%d %H:%M:%S} UTC "
                    "(position {position})",
                    entry_id=entry_id,
                    by=done.by,
                    at=done.at,
                    position=done.position,
                )
            )
        elif same_person(life.recorded.by, by):
            words = Said("was recorded by {by}; somebody else must verify it", by=life.recorded.by)
            refused.append(Refusal(words, "by", entry_id))
        else:
            events.append(
                EntryVerified(
                    originator_id=entry_id,
                    originator_version=life.version + 1,
                    at=at,
                    by=by,
                )
            )
    if refused and ids is not None:
        raise EntriesRefusedError(refused)
    receipt.remarks.extend(refusal.said() for refusal in refused)
    receipt.verified = len(events)
    receipt.remarks.extend(_counting_twice(events, register))
    return events, receipt


def _counting_twice(events: Sequence[EntryVerified], register: Register) -> Iterator[str]:
    """Replacements that are verified while the reversal that they rest on is not."""
    now = {event.originator_id for event in events}
    for entry_id in now:
        replaced = register.lives[entry_id].entry.replaces
        life = None if replaced is None else register.get(replaced)
        if life is None or life.reversed is None or life.verified is None:
            continue
        reversal = life.reversed.by_entry
        if reversal not in now and register.lives[reversal].verified is None:
            yield (
                Said(
                    "{entry_id}: {replaced}, which it replaces, counts beside it until "
                    "{reversal} is verified too",
                    entry_id=entry_id,
                    replaced=replaced,
                    reversal=reversal,
                )
            )
