"""Compute the content of a period's bulletin (季度通报, 四.2).

It has ranks, changes, deductions, flags and restatements. It names units, clauses, points and
counts; never a case number, an entry or its working.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.bulletin_parts import (
    Bulletin,
    ClausePoints,
    OpenCount,
    Raised,
    Row,
    Share,
)
from projections.postings import ZERO, Posting
from projections.restatement import restated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from ledger.state import LedgerState
    from projections.bulletin_parts import Restated
    from projections.measure import Measure
    from projections.scores import PeriodScore, UnitScore, YearScores


def bulletin(
    scores: YearScores,
    number: int,
    state: LedgerState,
    last_year: YearScores | None = None,
) -> Bulletin:
    """Return the bulletin of a period that has begun by the day of the scores.

    Args:
        scores: of its year.
        number: the period's, from 1.
        state: the ledger as it is known.
        last_year: the scores of the year before, where it was published.
    """
    town, measure = scores.town, scores.town.measure
    periods = town.calendar.periods(town.year)
    period = periods[number - 1]
    assert period.first <= town.through, f"{period.name} has not begun"
    before = [] if last_year is None else list(_restated_last_year(last_year, state, measure))
    return Bulletin(
        period.name,
        town.year,
        number,
        period.first,
        period.last,
        town.through,
        scores.position,
        _rows(scores, number, measure),
        tuple(_clauses(scores, number, measure)),
        tuple(_flags(scores, number, measure)),
        tuple(_open(scores)),
        (*before, *restated(scores, number, state, measure)),
        number == len(periods),
    )


def _of(score: UnitScore, number: int) -> PeriodScore | None:
    return next((one for one in score.periods if one.number == number), None)


def _points(period: PeriodScore, order: str, measure: Measure) -> Decimal:
    """Return the points by which a period's bulletin orders units."""
    if order != "with_beside":
        return period.score
    return period.score + sum(
        [
            -period.beside[one.slug] if one.deducts else period.beside[one.slug]
            for one in measure.beside_a_period
        ],
        ZERO,
    )


def _ranks(scores: YearScores, number: int, measure: Measure) -> dict[str, int]:
    """Return each unit's rank in a period; ties share one (1, 2, 2, 4); none if it has no order."""
    order = measure.period_order(scores.town.readings)
    if order == "none":
        return {}
    found = [(score.unit, _of(score, number)) for score in scores.units]
    points = {unit: _points(one, order, measure) for unit, one in found if one is not None}
    ordered = sorted(points.values(), reverse=True)
    place = {value: ordered.index(value) + 1 for value in set(ordered)}
    return {unit: place[value] for unit, value in points.items()}


def _so_far(score: UnitScore, number: int, measure: Measure, *, is_last: bool) -> Decimal:
    """Return the points up to a period (四.2); the last one includes what is of the year alone."""
    if is_last:
        return score.total
    periods = [one for one in score.periods if one.number <= number]
    return sum((_points(one, "with_beside", measure) for one in periods), ZERO)


def _rows(scores: YearScores, number: int, measure: Measure) -> tuple[Row, ...]:
    ranks = _ranks(scores, number, measure)
    earlier = _ranks(scores, number - 1, measure) if number > 1 else {}
    is_last = number == measure.calendar.count
    rows = []
    for score in scores.units:
        period, before = _of(score, number), _of(score, number - 1)
        if period is not None:
            flags = [flag.flag for flag in score.raised() if (flag.period or number) <= number]
            row = Row(
                ranks.get(score.unit),
                score.unit,
                score.name,
                period,
                None if before is None else before.score,
                earlier.get(score.unit),
                _so_far(score, number, measure, is_last=is_last),
                tuple(dict.fromkeys(flags)),
            )
            rows.append(row)
    return tuple(sorted(rows, key=lambda row: (row.rank or 0, row.unit)))


def _clauses(scores: YearScores, number: int, measure: Measure) -> Iterator[ClausePoints]:
    found: dict[str, list[Share]] = {}
    for score in scores.units:
        own: dict[str, list[Posting]] = {}
        for posting in score.postings():
            if posting.period == number and posting.points:
                own.setdefault(posting.clause, []).append(posting)
        for slug, postings in own.items():
            points = sum((posting.points for posting in postings), ZERO)
            found.setdefault(slug, []).append(Share(score.name, points, len(postings)))
    for slug in (*measure.clauses, *measure.sections):
        if slug in found:
            shares = sorted(found[slug], key=lambda share: (-abs(share.points), share.name))
            heading, section = measure.heading(slug), measure.section_of.get(slug, slug)
            shown = section, heading.citation, heading.title.zh
            yield ClausePoints(slug, *shown, tuple(shares))


def _flags(scores: YearScores, number: int, measure: Measure) -> Iterator[Raised]:
    for score in sorted(scores.units, key=lambda score: score.unit):
        first: dict[str, Raised] = {}
        for flag in sorted(score.raised(), key=lambda flag: flag.period or number):
            if (flag.period or number) <= number:
                citation = measure.heading(flag.clause).citation
                period = scores.town.calendar.period(scores.town.year, flag.period or number)
                raised = Raised(score.name, flag.flag, period.name, citation)
                first.setdefault(flag.flag, raised)
        yield from first.values()


def _open(scores: YearScores) -> Iterator[OpenCount]:
    """Count the open points; an entry open under two units is one."""
    entries: dict[str, set[tuple[str | None, str | None, str]]] = {}
    names: dict[str, dict[str, None]] = {}
    for score in sorted(scores.units, key=lambda score: score.unit):
        for point in score.open:
            where = score.unit if point.entry is None else ""
            entries.setdefault(point.kind, set()).add((point.entry, point.clause, where))
            names.setdefault(point.kind, {})[score.name] = None
    for kind, found in entries.items():
        yield OpenCount(
            kind,
            len({(entry or clause, unit) for entry, clause, unit in found}),
            tuple(names[kind]),
        )


def _restated_last_year(
    scores: YearScores, state: LedgerState, measure: Measure
) -> Iterator[Restated]:
    yield from restated(scores, scores.town.calendar.count, state, measure)
