"""Make the events of objections to entries or postings, and of decisions on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ledger.batch import stored
from ledger.corrections import free_id
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import OBJECTION, ObjectionDecided, ObjectionRaised
from ledger.fields import PERIOD_PATTERN
from ledger.instants import instant_text, office_minute
from ledger.message import Message
from ledger.messages import reason_text

if TYPE_CHECKING:
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.state import LedgerState, Objection

_POSTING = re.compile(rf"(?P<period>{PERIOD_PATTERN[1:-1]}):(?P<clause>[^\s:]{{1,64}})")


def objection_to(
    state: LedgerState, subject: str, unit: str, reason: str, *, at: datetime, by: str
) -> tuple[str, StoredEvent]:
    """Return the id of a new objection, and the row that raises it.

    Args:
        state: the ledger's state.
        subject: the id of an entry, or a posting as `2016Q2:screening`.
        unit: the id of the unit that objects.
        reason: why it objects.
        at: the time to record.
        by: the account that records the objection.

    Raises:
        EntriesRefusedError: there is no such entry or unit, or the reason is not valid.
    """
    unit_state = state.get(unit)
    if unit_state is None or unit_state.entry.KIND != "unit":
        raise EntriesRefusedError([Refusal(Message("there is no unit {unit}", unit=unit), "unit")])
    posting = _POSTING.fullmatch(subject)
    if posting is None and state.get(subject) is None:
        words = Message(
            "is neither an entry in this ledger nor a posting; write a posting as 2016Q2:screening"
        )
        raise EntriesRefusedError([Refusal(words, id=subject)])
    named = subject if posting is None else f"{unit}-{subject.replace(':', '-')}"
    objection_id = free_id(state, named, "O")
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
        EntriesRefusedError: there is no such objection, it is decided already, or the reason is
            not valid.
    """
    if objection is None:
        raise EntriesRefusedError(
            [Refusal(Message("is not an objection in this ledger"), id=objection_id)]
        )
    if objection.decided is not None and objection.decision is not None:
        words = Message(
            "was {outcome} already by {by} on {at} (position {position})",
            outcome=objection.decision.outcome,
            by=objection.decided.by,
            at=office_minute(objection.decided.at),
            position=objection.decided.position,
        )
        raise EntriesRefusedError([Refusal(words, id=objection_id)])
    event = ObjectionDecided(
        at=instant_text(at), by=by, outcome=outcome, reason=reason_text(reason)
    )
    return stored(OBJECTION + objection_id, 2, event)
