"""Objections of a unit to an entry or a posting, and the office's decisions on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ledger.batch import stored
from ledger.bounds import ID_LENGTH
from ledger.corrections import free_id
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import OBJECTION, ObjectionDecided, ObjectionRaised
from ledger.fields import Text
from ledger.given import given_text
from ledger.instants import instant_text
from ledger.message import Message

if TYPE_CHECKING:
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.state import LedgerState, Objection

_POSTING = re.compile(r"(?P<period>\d{4}(?:Q[1-4])?):(?P<clause>[a-z0-9.\-]+)", re.ASCII)


def reason_text(reason: str) -> str:
    """Return a reason, checked as an entry's is; raise `EntriesRefusedError`."""
    return given_text(Text, reason, "reason")


def objection_to(
    state: LedgerState, subject: str, unit: str, reason: str, *, at: datetime, by: str
) -> tuple[str, StoredEvent]:
    """Return the id of a new objection, and the row that raises it.

    Args:
        state: what is known of entries and units.
        subject: an entry's id, or a posting as `2016Q2:screening`.
        unit: who objects.
        reason: why.
        at: the ledger's time.
        by: the account that records it.

    Raises:
        EntriesRefusedError: there is no such entry or unit.
    """
    life = state.get(unit)
    if life is None or life.entry.KIND != "unit":
        raise EntriesRefusedError([Refusal(Message("there is no unit {unit}", unit=unit), "unit")])
    posting = _POSTING.fullmatch(subject)
    if posting is None and state.get(subject) is None:
        words = Message(
            "is no entry of this ledger and no posting; write 2016Q2:screening for a posting"
        )
        raise EntriesRefusedError([Refusal(words, id=subject)])
    named = subject if posting is None else f"{unit}-{subject.replace(':', '-')}"
    objection_id = _free_objection_id(state, named)
    event = ObjectionRaised(
        at=instant_text(at),
        by=by,
        unit=unit,
        entry=subject if posting is None else None,
        period=None if posting is None else posting["period"],
        clause=None if posting is None else posting["clause"],
        reason=reason_text(reason),
    )
    return objection_id, stored(OBJECTION + objection_id, 1, event)


def _free_objection_id(state: LedgerState, named: str) -> str:
    name, number = free_id(state, named, "O"), 1
    while name in state.objections:
        number += 1
        name = f"{named}.O{number}"
    if len(name) > ID_LENGTH:
        words = Message(
            "{name} would be over {most} characters; the entry has too many objections",
            name=name,
            most=ID_LENGTH,
        )
        raise EntriesRefusedError([Refusal(words, "id", named)])
    return name


def decision_on(
    objection: Objection | None,
    objection_id: str,
    outcome: Literal["upheld", "dismissed"],
    reason: str,
    *,
    at: datetime,
    by: str,
) -> StoredEvent:
    """Return the row that decides an objection.

    Raises:
        EntriesRefusedError: there is no such objection, or it is decided already.
    """
    if objection is None:
        raise EntriesRefusedError(
            [Refusal(Message("is no objection of this ledger"), id=objection_id)]
        )
    if objection.decided is not None and objection.decision is not None:
        words = Message(
            "was {outcome} already by {by} on {at:%Y-%m-%d %H:%M:%S} UTC (position {position})",
            outcome=objection.decision.outcome,
            by=objection.decided.by,
            at=objection.decided.at,
            position=objection.decided.position,
        )
        raise EntriesRefusedError([Refusal(words, id=objection_id)])
    event = ObjectionDecided(
        at=instant_text(at), by=by, outcome=outcome, reason=reason_text(reason)
    )
    return stored(OBJECTION + objection_id, 2, event)
