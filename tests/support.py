"""Ledgers for tests: entries as the contract's JSON objects, folded without a store."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ledger.door import Door
from ledger.recording import recording

from ledger.events import EntryVerified
from ledger.register import Register
from ledger.submissions import Submission, parse
from projections.rulebook import load_rulebook
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from projections.scores import YearScores

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def submissions(entries: Iterable[dict[str, Any]]) -> list[Submission]:
    """The entries as the door takes them; a refused one fails the test."""
    found = []
    for number, entry in enumerate(entries, 1):
        outcome = parse(json.dumps(entry, ensure_ascii=False).encode(), "test.jsonl", number)
        assert isinstance(outcome, Submission), [str(refusal) for refusal in outcome]
        found.append(outcome)
    return found


def register(entries: Iterable[dict[str, Any]], *, unverified: Collection[str] = ()) -> Register:
    """A register of the entries, recorded in one import and verified but for those named."""
    known = Register()
    admission = Door(known, load_rulebook()).admit(submissions(entries))
    assert not admission.refusals, [str(refusal) for refusal in admission.refusals]
    position = 0
    for event in recording(admission.fresh, known, WHEN, "clerk", "head"):
        if isinstance(event, EntryVerified) and event.originator_id in unverified:
            continue
        position += 1
        known.apply(position, event)
    return known


def scores(
    entries: Iterable[dict[str, Any]],
    through: str = "2016-11-30",
    *,
    year: int = 2016,
    unverified: Collection[str] = (),
    provisional: bool = False,
) -> YearScores:
    """The scores of a year of the entries at the close of a day."""
    return score_year(
        register(entries, unverified=unverified),
        load_rulebook(),
        year,
        date.fromisoformat(through),
        provisional=provisional,
    )
