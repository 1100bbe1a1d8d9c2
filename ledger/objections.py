"""Objections of a unit to an entry or a posting, and the office's decisions on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ledger.bounds import ID_LENGTH
from ledger.corrections import free_id
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import ObjectionDecided, ObjectionRaised
from ledger.fields import Text
from ledger.given import given_text
from ledger.saying import Said
from ledger.topics import OBJECTION

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.register import Objection, Register

_POSTING = re.compile(r"(?P<period>\d{4}(?:Q[1-4])?):(?P<clause>[a-z0-9.\-]+)", re.ASCII)


def reason_text(reason: str) -> str:
    """A reason, checked as an entry's is; raises `EntriesRefusedError`."""
    return given_text(Text, reason, "reason")


def objection_to(
    register: Register, subject: str, unit: str, reason: str, *, at: datetime, by: str
) -> tuple[str, ObjectionRaised]:
    """The id of a new objection, and the event that raises it.

    Args:
        register: what is known of entries and units.
        subject: an entry's id, or a posting as `2016Q2:screening`.
        unit: who objects.
        reason: why.
        at: the ledger's time.
        by: the account that records it.

    Raises:
        EntriesRefusedError: there is no such entry or unit.
    """
    life = register.get(unit)
    if life is None or life.entry.KIND != "unit":
        raise EntriesRefusedError([Refusal(Said("there is no unit {unit}", unit=unit), "unit")])
    posting = _POSTING.fullmatch(subject)
    entry = None if posting is not None else register.get(subject)
    if posting is None and entry is None:
        words = Said(
            "is no entry of this ledger and no posting; write 2016Q2:screening for a posting"
        )
        raise EntriesRefusedError([Refusal(words, id=subject)])
    named = f"{unit}-{subject.replace(':', '-')}" if posting is not None else subject
    objection_id = _free_objection_id(register, named)
    return objection_id, ObjectionRaised(
        originator_id=OBJECTION + objection_id,
        originator_version=1,
        at=at,
        by=by,
        unit=unit,
        entry=None if entry is None else subject,
        period=None if posting is None else posting["period"],
        clause=None if posting is None else posting["clause"],
        reason=reason_text(reason),
    )


def _free_objection_id(register: Register, named: str) -> str:
    name, number = free_id(register, named, "O"), 1
    while name in register.objections:
        number += 1
        name = f"{named}.O{number}"
    if len(name) > ID_LENGTH:
        words = Said(
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
) -> ObjectionDecided:
    """The event that decides an objection.

    Raises:
        EntriesRefusedError: there is no such objection, or it is decided already.
    """
    if objection is None:
        raise EntriesRefusedError(
            [Refusal(Said("is no objection of this ledger"), id=objection_id)]
        )
    if objection.decided is not None and objection.decision is not None:
        words = Said(
            "was {outcome} already by {by} on {at:%Y-%m-%d %H:%M:%S} UTC (position {position})",
            outcome=objection.decision.outcome,
            by=objection.decided.by,
            at=objection.decided.at,
            position=objection.decided.position,
        )
        raise EntriesRefusedError([Refusal(words, id=objection_id)])
    return ObjectionDecided(
        originator_id=OBJECTION + objection_id,
        originator_version=2,
        at=at,
        by=by,
        outcome=outcome,
        reason=reason_text(reason),
    )
