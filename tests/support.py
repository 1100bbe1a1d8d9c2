"""Make submissions, ledger states and scores of JSON objects without a store; change a measure."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ledger.batch import Appending, Batch
from ledger.submissions import Submission, parse
from ledger.validation import Terms
from projections.adopted import Measures
from projections.measure import BUILT_IN, built_in, read_measure
from projections.measure.case_entries import state_of
from projections.presentation import scores_json
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from ledger.application import Ledger
    from ledger.state import LedgerState
    from projections.scores import YearScores

WHEN = datetime(2026, 1, 1, tzinfo=UTC)

TERMS = Terms(Measures({}), WHEN.date())


def submissions(entries: Iterable[dict[str, Any]]) -> list[Submission]:
    """Return the entries as submissions; a refused entry fails the test."""
    found = []
    for number, entry in enumerate(entries, 1):
        outcome = parse(json.dumps(entry, ensure_ascii=False).encode(), "test.jsonl", number)
        assert isinstance(outcome, Submission), [str(refusal) for refusal in outcome]
        found.append(outcome)
    return found


def appended(
    entries: Iterable[dict[str, Any]],
    known: LedgerState,
    verify_by: str | None = "head",
) -> Appending:
    """Return the rows that an import appends to a state; a refused entry fails the test."""
    batch = Batch(submissions(entries), 0)
    fresh = batch.admit(known, TERMS).fresh
    return Appending(fresh, known, WHEN, "clerk", verify_by)


def state(entries: Iterable[dict[str, Any]], *, unverified: Collection[str] = ()) -> LedgerState:
    """Return the state of entries recorded in one import; all but `unverified` are verified."""
    return state_of(entries, built_in(), unverified=unverified)


def adopt(ledger: Ledger, *years: int) -> None:
    """Adopt the program's own measure for years, verified."""
    for year in years:
        ledger.adopt(
            year, BUILT_IN, read_measure(BUILT_IN), "禾松政办发（2015）9号", "measures clerk"
        )
    ledger.verify([f"measure:{year}" for year in years], "measures head")


def scores(
    entries: Iterable[dict[str, Any]],
    through: str = "2016-11-30",
    *,
    year: int = 2016,
    unverified: Collection[str] = (),
    provisional: bool = False,
) -> YearScores:
    """Return the scores of a year of the entries at the end of a day."""
    return score_year(
        state(entries, unverified=unverified),
        built_in(),
        year,
        date.fromisoformat(through),
        provisional=provisional,
    )


def shown(scores: YearScores) -> dict[str, Any]:
    """Return the JSON of scores, without the measure that they were scored under."""
    return scores_json(scores, measure={})


def nested(value: object) -> Iterator[dict[str, Any]]:
    """Yield every object within a JSON value, the value itself first."""
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from nested(part)


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text in a file of a folder; the text must be there."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
