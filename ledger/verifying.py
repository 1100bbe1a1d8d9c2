"""Verifying entries, adoptions and editions (核定): never by the name that recorded them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.asides import SetAside
from ledger.batch import stored
from ledger.editions import Edition, edition_id, published_periods
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import EditionVerified, EntryVerified, Event
from ledger.instants import instant_text
from ledger.message import Message, Series
from ledger.receipts import Receipt
from ledger.returns import waiting
from ledger.rules import verification_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.state import LedgerState
    from ledger.stores import Store

MOST_NAMED = 10
"""Entries left for somebody else that a remark names, at most."""


def originator_ids(ids: Sequence[str], store: Store) -> list[str]:
    """Return ids, with the originator ids of the editions that they name by their periods."""
    periods = published_periods(store)
    editions = (edition_id(one, periods) for one in ids)
    return [*ids, *(name for name in editions if name is not None)]


def verification(
    state: LedgerState, ids: Sequence[str] | None, by: str, at: datetime, *, each: bool = True
) -> tuple[list[StoredEvent], Receipt]:
    """Return the rows that verify entries, adoptions and editions: those named, or all.

    Args:
        state: what is known of them.
        ids: ids of entries and adoptions, and periods whose last edition is verified (2016Q2);
            None for every entry and adoption that awaits verification and that `by` may verify.
        by: who verifies.
        at: the ledger's time.
        each: whether each id was named by itself; if not, what was sent back is left out.

    Raises:
        EntriesRefusedError: a named id is unknown, or `by` recorded it.
    """
    verified = EntryVerified(at=instant_text(at), by=by)
    refused, rows, receipt = list[Refusal](), list["StoredEvent"](), Receipt()
    asked, left_out = _asked(state, ids, each=each)
    for given in asked:
        name = given
        if given not in state.entries:
            name = edition_id(given, state.editions) or given
        known = state.verifiable(name)
        if known is None:
            refused.append(Refusal(Message("is not in this ledger"), id=given))
            continue
        problem = verification_problem(known, by)
        if problem is None:
            event: Event = verified
            if isinstance(known, SetAside):
                words = Message(
                    "{id}: the row of SHA-256 {sha256} is passed over from now on: {reason}",
                    id=name,
                    sha256=known.event.sha256,
                    reason=known.event.reason,
                )
                receipt.remarks.append(words)
            if isinstance(known, Edition):
                event = EditionVerified(at=verified.at, by=by, edition=known.number)
            rows.append(stored(name, known.version + 1, event))
        elif known.effective:
            receipt.skipped += 1
            receipt.remarks.append(Message("{id}: {problem}", id=given, problem=problem))
        else:
            refused.append(Refusal(problem, "by", given))
    if refused and ids is not None:
        raise EntriesRefusedError(refused)
    if refused:
        words = Message(
            "{count} left unverified: {by} recorded them, somebody else must verify them: {ids}",
            count=len(refused),
            by=by,
            ids=_first_of([str(one.id) for one in refused]),
        )
        receipt.remarks.append(words)
    receipt.remarks.extend(_sent_back(left_out, state))
    receipt.verified = len(rows)
    receipt.entries = [str(row.originator_id) for row in rows]
    receipt.remarks.extend(_counting_twice(receipt.entries, state))
    return rows, receipt


def _asked(
    state: LedgerState, ids: Sequence[str] | None, *, each: bool
) -> tuple[Sequence[str], dict[str, str]]:
    """Return the ids to verify, and those left out, as `waiting` gives them."""
    if ids is not None and each:
        return ids, {}
    found = state.unverified() if ids is None else ids
    left_out = waiting(state, found)
    return [one for one in found if one not in left_out], left_out


def _first_of(ids: Sequence[str]) -> Series:
    return Series([*ids[:MOST_NAMED], *(["…"] if len(ids) > MOST_NAMED else [])])


def _sent_back(left_out: Mapping[str, str], state: LedgerState) -> Iterator[Message]:
    """Say which of the entries to verify wait for who recorded them, and which wait for those."""
    returned = [one for one in left_out if state.entries[one].sent_back]
    if returned:
        yield Message(
            "{count} left unverified, sent back to who recorded them: {ids}; `tally verify ID` "
            "verifies one after all",
            count=len(returned),
            ids=_first_of(returned),
        )
    for one, entry in left_out.items():
        if entry != one:
            yield Message(
                "{reversal} left unverified: {entry}, which takes the place of what it takes back, "
                "was sent back",
                reversal=one,
                entry=entry,
            )


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
