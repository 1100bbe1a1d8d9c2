"""Gather what awaits somebody: entries to verify, objections, adoptions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ledger.accounts import same_account
from ledger.codec import VERIFIED
from ledger.events import ADOPTION, OBJECTION, PUBLICATION
from ledger.state import LedgerState
from projections.history import is_followed

if TYPE_CHECKING:
    from cli.desk.work import Desk
    from ledger.state import EntryState, Objection


class Unverified(NamedTuple):
    """Entries that nobody has verified."""

    entries: list[EntryState]
    """In the order of their recording."""
    own: int
    """Number of those that the account recorded itself, which somebody else verifies."""
    recorders: list[tuple[str, int]]
    """Who recorded them, and how many; most first."""
    sent_back: list[EntryState]
    """Those that were sent back to the account."""


def unverified(desk: Desk) -> Unverified:
    """Return the entries that nobody has verified."""
    store, head = desk.ledger.store, desk.ledger.position()
    ids = [one for one in store.ids_without(VERIFIED, head) if ":" not in one]
    # Nothing but what happened to these is needed: a part of each, however large the ledger is.
    state = LedgerState().fold(store.rows_of(ids, head), partial=True)
    entries = [*state.entries.values()]
    own = [one for one in entries if same_account(one.recorded.by, desk.by)]
    by = Counter(one.recorded.by for one in entries)
    returned = [one for one in own if one.sent_back is not None]
    return Unverified(entries, len(own), by.most_common(), returned)


def statements(desk: Desk) -> LedgerState:
    """Return the state of all editions and objections alone."""
    store, head = desk.ledger.store, desk.ledger.position()
    ids = [*store.ids_with(PUBLICATION), *store.ids_with(OBJECTION)]
    return LedgerState().fold(store.rows_of(ids, head), partial=True)


def undecided(state: LedgerState) -> list[Objection]:
    """Return the objections that nobody has decided, the oldest first."""
    return [one for one in state.objections.values() if one.decision is None]


def upheld(desk: Desk, state: LedgerState) -> list[Objection]:
    """Return the upheld objections after which nothing was corrected yet, the oldest first."""
    history = desk.session.loader.history
    return [
        one
        for one in state.objections.values()
        if one.decision is not None
        and one.decision.outcome == "upheld"
        and not is_followed(one, history(one.id))
    ]


def rules_awaiting(desk: Desk) -> list[str]:
    """Return the originator ids of adoptions and settings aside that await verification."""
    adoptions = desk.session.adopted().adoptions
    found = [
        f"{ADOPTION}{year}" for year, (*_, one) in adoptions.items() if one.awaits_verification
    ]
    return [*found, *desk.ledger.asides.pending()]
