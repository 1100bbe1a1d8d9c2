"""Publish and withdraw editions of a period's figures: what is refused, and the events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ledger.batch import stored_after
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import PUBLICATION, EditionWithdrawn
from ledger.instants import instant_text
from ledger.message import Message
from ledger.messages import reason_text

if TYPE_CHECKING:
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.events import FiguresPublished
    from ledger.state import LedgerState


def check_publishable(state: LedgerState, period: str, reason: str | None) -> None:
    """Refuse an edition while another awaits verification, or that replaces one without a reason.

    Raises:
        EntriesRefusedError: it is refused.
    """
    editions, standing = state.editions.get(period, []), state.edition(period)
    if editions and editions[-1].awaits_verification:
        words = Message(
            "edition {number}, published by {by} at position {position}, awaits verification; "
            "verify it (`tally verify {period}`) or withdraw it (`tally withdraw {period}`) first",
            number=editions[-1].number,
            by=editions[-1].ref.by,
            position=editions[-1].ref.position,
            period=period,
        )
        raise EntriesRefusedError([Refusal(words, id=period)])
    if standing is not None and reason is None:
        words = Message(
            "is published already (edition {number}); say why it is published again: --reason",
            number=standing.number,
        )
        raise EntriesRefusedError([Refusal(words, "reason", period)])


def publication_of(
    state: LedgerState, event: FiguresPublished, *, at: datetime, by: str
) -> StoredEvent:
    """Return the row that publishes an edition, to be verified by a second person.

    Args:
        state: what is known of the period's editions.
        event: the figures; time and name in it are filled in here.
        at: the ledger's time.
        by: who publishes.

    Raises:
        EntriesRefusedError: as of `check_publishable`.
    """
    check_publishable(state, event.period, event.reason)
    event = structs.replace(event, at=instant_text(at), by=by, to_verify=True)
    return _row(state, event.period, event)


def withdrawal_of(
    state: LedgerState, period: str, reason: str, *, at: datetime, by: str
) -> StoredEvent:
    """Return the row that withdraws the last edition of a period that is not withdrawn.

    Args:
        state: what is known of the period's editions.
        period: as 2016Q2.
        reason: why it is withdrawn.
        at: the ledger's time.
        by: who withdraws it.

    Raises:
        EntriesRefusedError: there is no such edition, or the reason is not valid.
    """
    editions = state.editions.get(period, [])
    edition = next((one for one in reversed(editions) if one.withdrawn is None), None)
    if edition is None:
        words = Message("no edition of it is published; there is nothing to withdraw")
        raise EntriesRefusedError([Refusal(words, id=period)])
    event = EditionWithdrawn(
        at=instant_text(at),
        by=by,
        edition=edition.number,
        reason=reason_text(reason),
    )
    return _row(state, period, event)


def _row(
    state: LedgerState, period: str, event: FiguresPublished | EditionWithdrawn
) -> StoredEvent:
    earlier = (one.version for one in state.editions.get(period, []))
    return stored_after(f"{PUBLICATION}{period}", earlier, event)
