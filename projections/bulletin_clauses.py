"""Add up what units got and lost under each clause in a period or year, for its bulletin."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from projections.adjusting import CARRIED
from projections.bulletin_parts import ClausePoints, Part, Share
from projections.full_points import full_points_of
from projections.judging import ABOVE, BELOW, OPENING
from projections.measure.model import number_of
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from projections.bulletin_parts import Manner
    from projections.full_points import FullPoints
    from projections.measure import Measure
    from projections.measure.calendar import YearPeriod
    from projections.scores import UnitScore, YearScores

_UNJUDGED = "no cases"
"""Template of the working of a rate of nothing: the unit is not judged."""

UNREPORTED = "{}: {} was not told of before {:%Y-%m-%d %H:%M}{}"
"""Template of the working of a batch that was not reported before."""

MISSED = "{} period {} to {}: an abnormal batch"
"""Template of the working of a period for which a batch left no points."""


def clause_points(scores: YearScores, period: YearPeriod | None) -> Iterator[ClausePoints]:
    """Yield what was added and deducted under clauses, and what bounds of sections cut.

    Opening points are not: every unit has them. Nor are weights and scales, by which no unit gains
    or loses. Of a clause whose points make up its section's full points, as an item of an
    inspection or a rate, it is what units lack of these.

    Args:
        scores: of the year, with postings.
        period: the period; None for the year.
    """
    measure, readings = scores.town.measure, scores.town.readings
    full = full_points_of(scores.town)
    judged: Counter[str] = Counter()
    found: dict[str, dict[Manner, list[Share]]] = {}
    causes: dict[str, Counter[str]] = {}
    missed: dict[str, list[tuple[str, Working]]] = {}
    for score in sorted(scores.units, key=lambda score: score.unit):
        for slug, postings in _by_clause(score, period).items():
            compared = _compared(slug, postings, full)
            if compared:
                judged[slug] += 1
                more = sum((one.points for one in postings), ZERO) - sum(compared, ZERO)
                lacking = found.setdefault(slug, {}).setdefault("lacking", [])
                beyond = found[slug].setdefault("points", []) if more > 0 else lacking
                beyond += [Share(score.name, more, len(compared))] if more else []
            if full.of_item(slug):
                continue
            own = Counter(_causes(postings, measure))
            causes.setdefault(slug, Counter()).update(own)
            of_unit = [(score.name, one.working) for one in postings if _is_missed(one)]
            missed.setdefault(slug, []).extend(of_unit)
            for manner, share in _shares(
                score.name, postings, readings, of_clause=slug in measure.clauses
            ):
                of_share = tuple(sorted(own.items())) if manner == "points" else ()
                shares = found.setdefault(slug, {}).setdefault(manner, [])
                shares.append(share._replace(causes=of_share))
    for slug in (*measure.clauses, *measure.sections):
        for manner, some in found.get(slug, {}).items():
            ordered = sorted(some, key=lambda share: -abs(share.points))
            heading, section = measure.heading(slug), measure.section_under(slug)
            shown = section, heading.citation, heading.title.zh
            of_manner = tuple(causes.get(slug, {}).items()) if manner == "points" else ()
            yield ClausePoints(
                slug,
                manner,
                *shown,
                tuple(ordered),
                of_manner,
                full.of_item(slug) or None,
                judged[slug],
                tuple(missed.get(slug, ())) if manner == "points" else (),
            )


def _compared(slug: str, postings: list[Posting], full: FullPoints) -> list[Decimal]:
    """Return the full points of each posting that is what a unit got of them."""
    if not full.of_item(slug):
        return []
    found = [(full.of_posting(slug, one.working), one.working.template) for one in postings]
    return [points for points, template in found if points and template != _UNJUDGED]


def _by_clause(score: UnitScore, period: YearPeriod | None) -> dict[str, list[Posting]]:
    """Return the postings of a period or year, but for opening points, by clause or section."""
    found: dict[str, list[Posting]] = {}
    for posting in score.postings():
        if posting.words == OPENING:
            continue
        if period is None or posting.period == period.number:
            found.setdefault(posting.clause, []).append(posting)
    return found


def _causes(postings: list[Posting], measure: Measure) -> Iterator[str]:
    """Yield the templates of what costs points, but of most workings made when they are read."""
    for posting in postings:
        clause = measure.clauses.get(posting.clause)
        if posting.points < 0 and clause is not None and clause.kind == "warned":
            yield UNREPORTED
        elif posting.points < 0 and isinstance(posting.words, Working):
            yield posting.words.innermost.template


def _is_missed(posting: Posting) -> bool:
    is_known = not posting.points and isinstance(posting.words, Working)
    return is_known and posting.working.template == MISSED


_MANNERS: dict[str, Manner] = {
    BELOW.template: "floor",
    ABOVE.template: "cap",
    CARRIED.template: "carried",
}


def _shares(
    name: str, postings: list[Posting], readings: Mapping[str, str], *, of_clause: bool
) -> Iterator[tuple[Manner, Share]]:
    """Yield the points of a unit under a clause or section, by how they came about.

    What a bound of a clause cuts belongs to what the clause adds and deducts. Of a section only its
    bounds and carried figures are told.
    """
    by_manner: dict[Manner, list[Posting]] = {}
    postings = [one for one in postings if one.points]
    for one in postings:
        template = one.words.template if isinstance(one.words, Working) else ""
        by_manner.setdefault(_MANNERS.get(template, "points"), []).append(one)
    times = {manner: len(some) for manner, some in by_manner.items()}
    if of_clause and "points" in by_manner:
        by_manner = {"points": postings}
    for manner, some in by_manner.items():
        points = sum((one.points for one in some), ZERO)
        if points and (of_clause or manner != "points"):
            parts = tuple(_parts(some, readings)) if manner == "points" else ()
            yield manner, Share(name, points, times[manner], parts)


def _parts(postings: list[Posting], readings: Mapping[str, str]) -> Iterator[Part]:
    """Yield the parts that a unit bears by its role in what an entry tells of."""
    read = [one for posting in postings for one in posting.read if "role" in one.when]
    parts = Counter((one.words, number_of(one.factor, readings)) for one in read)
    for (words, factor), times in parts.items():
        if words is not None and factor is not None:
            yield Part(words, factor, times)
