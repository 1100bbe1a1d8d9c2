"""Adopt a measure for an assessment year: what is refused, and the event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.adoptions import Adoption, measure_sha256
from ledger.batch import stored_after
from ledger.errors import EntriesRefusedError, Refusal, TallyError
from ledger.events import ADOPTION, AdoptionWithdrawn, MeasureAdopted
from ledger.fields import EntryId, Text
from ledger.identifiers import holds_plain_number
from ledger.instants import instant_text
from ledger.message import Message, message_of
from ledger.messages import checked_text, reason_text
from ledger.state import EventRef

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from eventsourcing.persistence import StoredEvent

    from ledger.rules import MeasureAt
    from ledger.state import LedgerState

MOST_CONTENT = 4_000_000
"""Characters of all files of a measure together, at most; ours has some 100,000."""


def adoption_of(
    state: LedgerState,
    year: int,
    measure: str,
    content: Mapping[str, str],
    basis: str,
    *,
    at: datetime,
    by: str,
    founding: bool,
) -> MeasureAdopted:
    """Return the event that adopts a measure for a year.

    Args:
        state: the ledger's state.
        year: the assessment year.
        measure: the id of the measure.
        content: the texts of its files, by name.
        basis: the document by which the office adopts it.
        at: the time to record.
        by: the account that adopts it.
        founding: whether the ledger is being made.

    Raises:
        EntriesRefusedError: the last adoption awaits verification, the same content is in force,
            or the content is not one that a ledger may hold.
    """
    name, last = f"{ADOPTION}{year}", state.adoption(year, provisional=True)
    refused, sha256 = _unfit(content), measure_sha256(content)
    if founding and state.position:
        refused.append(
            Refusal(Message("the ledger exists already; a later adoption is verified by another"))
        )
    if last is not None and not last.effective:
        words = Message(
            "{measure}, adopted by {by} at position {position}, awaits verification; verify it "
            "(`tally verify {name}`) or withdraw it (`tally withdraw {name}`) first",
            measure=last.event.measure,
            by=last.ref.by,
            position=last.ref.position,
            name=name,
        )
        refused.append(Refusal(words, id=name))
    elif last is not None and last.event.sha256 == sha256:
        words = Message(
            "{measure} with this content was adopted already, at position {position}; there is "
            "nothing to adopt",
            measure=last.event.measure,
            position=last.ref.position,
        )
        refused.append(Refusal(words, id=name))
    if refused:
        raise EntriesRefusedError(refused)
    return MeasureAdopted(
        at=instant_text(at),
        by=by,
        year=year,
        measure=checked_text(EntryId, measure, "measure"),
        sha256=sha256,
        content=dict(content),
        basis=checked_text(Text, basis, "basis"),
        founding=founding,
    )


def refuse_unreadable(event: MeasureAdopted, measure_at: MeasureAt) -> None:
    """Refuse an adoption whose content cannot be read as a measure: nobody could score its year.

    Args:
        event: the adoption.
        measure_at: reads the measures of adoptions, as scores will.

    Raises:
        EntriesRefusedError: the content cannot be read; the message names file and place.
    """
    adoption = Adoption(EventRef(0, event.at, event.by), event, 1)
    try:
        measure_at({event.year: [adoption]}, provisional=True).kinds()
    except TallyError as error:
        raise EntriesRefusedError([Refusal(message_of(error), "content")]) from error


def adoption_row(state: LedgerState, event: MeasureAdopted) -> StoredEvent:
    """Return the row that appends an adoption to those of its year."""
    return _row(state, event.year, event)


def withdrawal_row(
    state: LedgerState, name: str, reason: str, *, at: datetime, by: str
) -> StoredEvent:
    """Return the row that withdraws the last adoption of a year, which nobody has verified.

    Args:
        state: what is known of the year's adoptions.
        name: their originator id, as `measure:2017`.
        reason: why it is withdrawn.
        at: the ledger's time.
        by: who withdraws it.

    Raises:
        EntriesRefusedError: no adoption awaits verification, or the reason is not valid.
    """
    year = int(name.removeprefix(ADOPTION))
    last = state.adoption(year, provisional=True)
    if last is None or last.effective:
        words = Message("no adoption of it awaits verification; there is nothing to withdraw")
        if last is not None:
            words = Message(
                "{measure} is in force and cannot be withdrawn; adopt another measure in its place",
                measure=last.event.measure,
            )
        raise EntriesRefusedError([Refusal(words, id=name)])
    event = AdoptionWithdrawn(at=instant_text(at), by=by, reason=reason_text(reason))
    return _row(state, year, event)


def _row(state: LedgerState, year: int, event: MeasureAdopted | AdoptionWithdrawn) -> StoredEvent:
    earlier = (one.version for one in state.adoptions.get(year, []))
    return stored_after(f"{ADOPTION}{year}", earlier, event)


def _unfit(content: Mapping[str, str]) -> list[Refusal]:
    """Return why a ledger may not hold a content: it is empty, too long, or names a person."""
    if not content:
        return [Refusal(Message("the measure has no files"), "content")]
    if sum(map(len, content.values())) > MOST_CONTENT:
        words = Message("the measure's files have over {most} characters", most=MOST_CONTENT)
        return [Refusal(words, "content")]
    # An office prints its own telephone in its measure; a mobile number is a person's.
    words = Message("holds an identity-card or mobile number (not repeated here); take it out")
    return [Refusal(words, name) for name, text in content.items() if holds_plain_number(text)]
