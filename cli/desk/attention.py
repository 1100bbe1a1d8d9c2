"""Gather what awaits somebody: entries to verify, bulletins due, objections, adoptions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ledger.accounts import same_account
from ledger.codec import VERIFIED
from ledger.events import ADOPTION, OBJECTION, PUBLICATION
from ledger.state import LedgerState
from projections.history import is_followed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from cli.desk.work import Desk
    from ledger.editions import Edition
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


class BulletinDue(NamedTuple):
    """A period, or a year, that is over and has no edition in force."""

    name: str
    title: str
    last: date
    awaiting: Edition | None
    """An edition that awaits verification."""


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


def bulletins_due(desk: Desk, state: LedgerState, carried: Collection[str]) -> list[BulletinDue]:
    """Return the periods and years that are over and have no edition in force, the oldest first.

    Those of the year shown and the one before it: earlier ones were published on paper.

    Args:
        desk: the desk.
        state: of the editions.
        carried: names of the periods that were published before the ledger began.
    """
    found = [
        BulletinDue(name, title, last, _awaiting(name, state))
        for name, title, last in _periods(desk)
        if last < desk.today and name not in carried and state.edition(name) is None
    ]
    listed = {one.name for one in found}
    for name, (*_, edition) in state.editions.items():
        if edition.awaits_verification and name not in listed:
            found.append(BulletinDue(name, name, edition.event.through, edition))
    return sorted(found, key=lambda one: (one.last, one.name))


def _periods(desk: Desk) -> Iterator[tuple[str, str, date]]:
    """Yield name, title and last day of each period and year of two years."""
    for year in desk.measures.years():
        if desk.year - 1 <= year <= desk.year:
            calendar = desk.measures.of(year).measure.calendar
            for period in calendar.periods(year):
                title = desk.translate.bilingual(period.title)
                yield period.name, f"{period.name} {title}", period.last
            yield str(year), str(year), calendar.last_day(year)


def _awaiting(name: str, state: LedgerState) -> Edition | None:
    last = state.editions.get(name, [None])[-1]
    return last if last is not None and last.awaits_verification else None


def rules_awaiting(desk: Desk) -> list[str]:
    """Return the originator ids of adoptions and settings aside that await verification."""
    adoptions = desk.session.adopted().adoptions
    found = [
        f"{ADOPTION}{year}" for year, (*_, one) in adoptions.items() if one.awaits_verification
    ]
    return [*found, *desk.ledger.asides.pending()]
