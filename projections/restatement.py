"""Published figures of a year that have changed since, for a later bulletin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.decimals import plain
from projections.bulletin_parts import Restated
from projections.publication import differing, figure, shown_of
from projections.raised import flags_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ledger.editions import Edition
    from ledger.state import LedgerState
    from projections.measure.calendar import YearPeriod
    from projections.scores import UnitScore, YearScores


def restated(scores: YearScores, number: int | None, state: LedgerState) -> Iterator[Restated]:
    """Yield what differs from the last editions of the periods up to one, from 1.

    Of the year (None), those of all periods and of the year's result. A flag counts by the period
    that raised it: one raised later restates no earlier bulletin. Nor is an edition restated that
    counts through a later day than the scores.
    """
    town = scores.town
    periods: list[YearPeriod | None] = [*town.calendar.periods(town.year)[:number]]
    for period in periods + ([None] if number is None else []):
        edition = state.edition(str(town.year) if period is None else period.name)
        # Figures of an earlier day are not those that the edition would have.
        if edition is not None and edition.event.through <= town.through:
            yield from restated_since(scores, period, edition, state)


def restated_since(
    scores: YearScores, period: YearPeriod | None, edition: Edition, state: LedgerState
) -> Iterator[Restated]:
    """Yield what differs from one edition of a period, or of the year (None)."""
    published = {state.root(one["unit"]): one for one in edition.event.figures}
    for score in sorted(scores.units, key=lambda score: score.unit):
        of_unit = published.get(state.root(score.unit))
        if of_unit is not None:
            yield from _of_unit(scores, score, period, edition, of_unit)
    yield from _left_and_joined(scores, period, edition, state)


def _of_unit(
    scores: YearScores,
    score: UnitScore,
    period: YearPeriod | None,
    edition: Edition,
    of_unit: Mapping[str, Any],
) -> Iterator[Restated]:
    measure = scores.town.measure
    head = scores.town.year, period, edition.number, score.name
    number = None if period is None else period.number
    present = shown_of(score, number, scores.town)
    if present is None:
        return
    published = differing(of_unit, figure(score, present, measure))
    if "score" in published:
        yield Restated(*head, "score", None, published["score"], plain(present.score))
    for part, figures in (("sections", present.sections), ("beside", present.beside)):
        for slug, was in published.get(part, {}).items():
            now = plain(figures[slug]) if slug in figures else ""
            title = measure.sections[slug].title if slug in measure.sections else None
            yield Restated(*head, slug, title, was, now)
    raised = flags_by(score, number, measure)
    for flag, declared in measure.flags.items() if "flags" in published else ():
        if (flag in published["flags"]) != (flag in raised):
            was, now = str(flag in published["flags"]).lower(), str(flag in raised).lower()
            yield Restated(*head, flag, declared.title, was, now)


def _left_and_joined(
    scores: YearScores, period: YearPeriod | None, edition: Edition, state: LedgerState
) -> Iterator[Restated]:
    """Yield the units that only the edition has, and those that only the scores have."""
    head = scores.town.year, period, edition.number
    published = {state.root(one["unit"]): one for one in edition.event.figures}
    present = {state.root(score.unit): score for score in scores.units}
    for unit, one in sorted(published.items()):
        if unit not in present:
            yield Restated(*head, one["name"], "left", None, one["score"], "")
    for unit, score in sorted(present.items()):
        now = shown_of(score, None if period is None else period.number, scores.town)
        if unit not in published and now is not None:
            yield Restated(*head, score.name, "joined", None, "", plain(now.score))
