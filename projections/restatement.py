"""Published figures of a year that have changed since, for a later bulletin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.decimals import plain
from projections.bulletin_parts import Restated
from projections.publication import published_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ledger.state import Edition, LedgerState
    from projections.measure import Measure
    from projections.scores import UnitScore, YearScores

def restated(
    scores: YearScores, number: int, state: LedgerState, measure: Measure
) -> Iterator[Restated]:
    """Yield what differs from the last editions of the periods up to one.

    A flag counts by the period that raised it: one raised later restates no earlier bulletin.
    """
    town = scores.town
    beside = published_beside(scores, state)
    for period in town.calendar.periods(town.year)[:number]:
        if period.name not in state.editions:
            continue
        for score in sorted(scores.units, key=lambda score: score.unit):
            published = beside.get((score.unit, period.name))
            if published is not None:
                yield from _of_unit(score, period.number, period.name, published, measure)
        edition = state.editions[period.name][-1]
        yield from _left_and_joined(scores, period.number, edition, state)


def _of_unit(
    score: UnitScore, number: int, name: str, published: Mapping[str, Any], measure: Measure
) -> Iterator[Restated]:
    present = next(one for one in score.periods if one.number == number)
    edition = published["edition"]
    if "score" in published:
        now = plain(present.score)
        yield Restated(name, edition, score.name, "score", published["score"], now)
    for part, figures in (("sections", present.sections), ("beside", present.beside)):
        for slug, was in published.get(part, {}).items():
            now = plain(figures[slug]) if slug in figures else ""
            yield Restated(name, edition, score.name, slug, was, now)
    raised = {flag.flag for flag in score.raised() if (flag.period or number) <= number}
    for flag in measure.flags if "flags" in published else ():
        if (flag in published["flags"]) != (flag in raised):
            was, now = str(flag in published["flags"]).lower(), str(flag in raised).lower()
            yield Restated(name, edition, score.name, flag, was, now)


def _left_and_joined(
    scores: YearScores, number: int, edition: Edition, state: LedgerState
) -> Iterator[Restated]:
    """Yield the units that only the edition has, and those that only the scores have."""
    name = edition.event.period
    published = {state.root(one["unit"]): one for one in edition.event.figures}
    present = {state.root(score.unit): score for score in scores.units}
    for unit, one in sorted(published.items()):
        if unit not in present:
            yield Restated(name, edition.number, one["name"], "left", one["score"], "")
    for unit, score in sorted(present.items()):
        if unit not in published:
            now = [plain(one.score) for one in score.periods if one.number == number]
            if now:
                yield Restated(name, edition.number, score.name, "joined", "", now[0])
