"""Find what happened in a period or year, for its bulletin to tell before the scores."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from projections.bulletin_parts import Fact
from projections.facts import BATCH

if TYPE_CHECKING:
    from ledger.state import LedgerState
    from projections.measure import Measure
    from projections.scores import YearScores


def kinds_of_facts(measure: Measure) -> dict[str, str]:
    """Return the clauses of the score that judge entries one by one, with the kind of these."""
    beside = {one.slug for one in measure.beside_a_period}
    return {
        slug: BATCH if clause.kind == "warned" else clause.parameters.entry
        for slug, clause in measure.clauses.items()
        if clause.kind in {"occurrence", "warned"} and clause.section not in beside
    }


def facts_of(scores: YearScores, number: int | None, state: LedgerState) -> tuple[Fact, ...]:
    """Return the entries that clauses of the score judge one by one, by day and id.

    Of petitions these are all batches in which a scored unit has a part. What earns points is told
    among the rewards, a report that is late or missing among the deductions.

    Args:
        scores: of the year, with postings.
        number: the period's, from 1; None for the year.
        state: the ledger as it is known.
    """
    kinds = kinds_of_facts(scores.town.measure)
    names = {score.unit: score.name for score in scores.units}
    found: dict[str, Fact] = {}
    for posting in chain.from_iterable(score.postings() for score in scores.units):
        is_of = number is None or posting.period == number
        if posting.clause not in kinds or not is_of or posting.points > 0 or not posting.entries:
            continue
        known = state.get(posting.entries[0])
        kind, day = (None, None) if known is None else (known.entry.KIND, known.entry.day())
        if known is None or day is None or kind != kinds[posting.clause]:
            continue
        unit = state.root(known.entry.of_field("unit"))
        host = known.entry.of_field("host_unit") if kind == BATCH else None
        found[known.entry.id] = Fact(
            day,
            names.get(unit) or _party(unit, state),
            known.entry,
            None if host is None else names.get(state.root(host)) or _party(host, state),
        )
    return tuple(sorted(found.values(), key=lambda one: (one.day, one.entry.id)))


def _party(unit: str, state: LedgerState) -> str:
    """Return the name of a unit that is not scored, as one outside the town."""
    known = state.get(unit)
    return unit if known is None else str(known.entry.of_field("name"))
