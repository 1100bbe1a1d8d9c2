"""Published figures of a year that have changed since, for a later bulletin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.decimals import plain
from ledger.events import RAISED_FLAGS
from projections.bulletin_parts import Restated
from projections.calendar import QUARTERS, quarter_name
from projections.publication import published_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ledger.state import Edition, LedgerState
    from projections.scores import UnitScore, YearScores

FIGURES = ("score", "basic_work", "abnormal_petitions", "rewards", "penalties")


def restated(scores: YearScores, number: int, state: LedgerState) -> Iterator[Restated]:
    """Yield what differs from the last editions of the quarters up to one (1 to 4).

    A flag counts by the quarter that raised it: one raised later restates no earlier bulletin.
    """
    year = scores.town.year
    beside = published_beside(scores, state)
    for quarter in QUARTERS[:number]:
        name = quarter_name(year, quarter)
        if name not in state.editions:
            continue
        for score in sorted(scores.units, key=lambda score: score.unit):
            published = beside.get((score.unit, name))
            if published is not None:
                yield from _of_unit(score, quarter, name, published)
        yield from _left_and_joined(scores, quarter, state.editions[name][-1], state)


def _of_unit(
    score: UnitScore, quarter: int, name: str, published: Mapping[str, Any]
) -> Iterator[Restated]:
    present = score.quarters[quarter - 1]
    for figure in FIGURES:
        if figure in published:
            now = plain(getattr(present, figure))
            yield Restated(name, published["edition"], score.name, figure, published[figure], now)
    raised = {flag.flag for flag in score.flags() if flag.quarter <= quarter}
    for flag in RAISED_FLAGS:
        if flag in published and published[flag] != (flag in raised):
            was, now = str(published[flag]).lower(), str(flag in raised).lower()
            yield Restated(name, published["edition"], score.name, flag, was, now)


def _left_and_joined(
    scores: YearScores, quarter: int, edition: Edition, state: LedgerState
) -> Iterator[Restated]:
    """Yield the units that only the edition has, and those that only the scores have."""
    name = edition.event.quarter
    published = {state.root(one["unit"]): one for one in edition.event.figures}
    present = {state.root(score.unit): score for score in scores.units}
    for unit, one in sorted(published.items()):
        if unit not in present:
            yield Restated(name, edition.number, one["name"], "left", one["score"], "")
    for unit, score in sorted(present.items()):
        if unit not in published:
            now = plain(score.quarters[quarter - 1].score)
            yield Restated(name, edition.number, score.name, "joined", "", now)
