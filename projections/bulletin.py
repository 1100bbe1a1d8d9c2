"""Compute the content of a bulletin: of a period (季度通报, 四.2), or of a year's result.

It has facts, ranks, changes, deductions, flags and restatements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.bulletin_clauses import clause_points
from projections.bulletin_facts import facts_of
from projections.bulletin_parts import (
    Bulletin,
    Column,
    OpenCount,
    OpenItem,
    Raised,
    Row,
)
from projections.pending_flags import pending_flags
from projections.places import places
from projections.postings import ZERO
from projections.raised import flags_by, raised_by, status_json
from projections.restatement import restated
from projections.scores import place_within, ranked_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from ledger.state import LedgerState
    from projections.measure import Measure
    from projections.measure.calendar import YearPeriod
    from projections.postings import OpenPoint
    from projections.scores import PeriodScore, UnitScore, YearScores


_JUDGED = {"graded", "rate", "milestone", "quota"}
"""Kinds of clauses that give a unit points of an item once it is judged."""


def bulletin(
    scores: YearScores,
    number: int | None,
    state: LedgerState,
    last_year: YearScores | None = None,
    *,
    unranked: bool = False,
) -> Bulletin:
    """Return the bulletin of a period that has begun by the day of the scores, or of the year.

    What later periods of the year brought is left out, although the day may lie in one of them.

    Args:
        scores: of its year, with postings.
        number: the period's, from 1; None for the result of the year.
        state: the ledger as it is known.
        last_year: the scores of the year before, where it was published.
        unranked: leave ranks out; units come by id.
    """
    town, measure = scores.town, scores.town.measure
    period = None if number is None else town.calendar.period(town.year, number)
    first = town.first if period is None else period.first
    assert first <= town.through, f"{first} lies after {town.through}"
    before = () if last_year is None else restated(last_year, None, state)
    order = "total" if period is None else measure.period_order(town.readings)
    order = "unranked" if unranked else order
    scored, beside = columns_of(measure, town.year, number)
    waiting = () if town.closed or period is not None else tuple(_waiting(scores))
    return Bulletin(
        str(town.year) if period is None else period.name,
        town.year,
        period,
        first,
        town.last if period is None else period.last,
        town.through,
        scores.position,
        order,
        scored,
        beside,
        _rows(scores, period, order, waiting),
        facts_of(scores, number, state),
        tuple(clause_points(scores, period)),
        tuple(_flags(scores, period)),
        tuple(_undecided(scores, number, state)),
        tuple(open_counts(scores, period, by_clause=True)),
        (*before, *restated(scores, number, state)),
        waiting,
    )


def columns_of(
    measure: Measure, year: int, number: int | None
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return what a bulletin's score adds up, and what it tells beside it."""
    if number is not None:
        found = measure.of_a_period, measure.beside_a_period
        own, beside = (tuple(Column(one.slug, one.title) for one in some) for some in found)
        return own, beside
    periods = [Column(one.name, one.title) for one in measure.calendar.periods(year)]
    return (*periods, *(Column(one.slug, one.title) for one in measure.of_the_year)), ()


def _with_beside(period: PeriodScore, measure: Measure) -> Decimal:
    """Return the score of a period with what is told beside it."""
    beside = [one.told(period.beside[one.slug]) for one in measure.beside_a_period]
    return period.score + sum(beside, ZERO)


def _ranks(scores: YearScores, number: int, order: str) -> dict[str, int]:
    """Return each unit's rank in a period; ties share one (1, 2, 2, 4); none if it has no order."""
    measure = scores.town.measure
    if order in {"none", "unranked"}:
        return {}
    groups: dict[str | None, dict[str, Decimal]] = {}
    for score in scores.units:
        period = score.period(number)
        if period is not None:
            points = _with_beside(period, measure) if order == "with_beside" else period.score
            groups.setdefault(ranked_within(score, measure), {})[score.unit] = points
    ranks: dict[str, int] = {}
    for of_group in groups.values():
        place = places(sorted(of_group.values(), reverse=True))
        ranks |= {unit: place[value] for unit, value in of_group.items()}
    return ranks


def _so_far(score: UnitScore, number: int, measure: Measure) -> Decimal:
    """Return the points up to a period (四.2); the last one includes what is of the year alone."""
    if number == measure.calendar.count:
        return score.total
    own = [_with_beside(one, measure) for one in score.periods if one.number <= number]
    return sum(own, ZERO)


def _waiting(scores: YearScores) -> Iterator[str]:
    """Yield the sections of the year whose items are all judged, and none of them yet."""
    measure = scores.town.measure
    touched = {one.clause for score in scores.units for one in score.postings()}
    touched |= {one.clause or "" for score in scores.units for one in score.open}
    for section in measure.of_the_year:
        clauses = [one for one in measure.clauses.values() if one.section == section.slug]
        are_judged = clauses and all(one.kind in _JUDGED for one in clauses)
        if are_judged and not touched & {section.slug, *(one.slug for one in clauses)}:
            yield section.slug


def _rows(
    scores: YearScores, period: YearPeriod | None, order: str, waiting: Sequence[str]
) -> tuple[Row, ...]:
    measure = scores.town.measure
    rows = []
    if period is None:
        for score in scores.units:
            figures = {one.name: one.score for one in score.periods} | score.sections
            figures = {key: one for key, one in figures.items() if key not in waiting}
            rank = None if order == "unranked" else score.rank
            row = _row(scores, score, period, rank, score.total, figures)
            rows.append(row)
    else:
        ranks = _ranks(scores, period.number, order)
        for score in scores.units:
            own, before = score.period(period.number), score.period(period.number - 1)
            if own is None:
                continue
            rank, figures = ranks.get(score.unit), own.sections | own.beside
            row = _row(scores, score, period, rank, own.score, figures)
            points = _with_beside(own, measure) if order == "with_beside" else own.score
            so_far = _so_far(score, period.number, measure)
            is_running = scores.town.through < period.last
            was = None if before is None or is_running else before.score
            row = row._replace(points=points, before=was, total=so_far)
            if period.number == measure.calendar.count and scores.town.closed:
                of_year = None if order == "unranked" else score.rank
                row = row._replace(year_rank=of_year, year_figures=score.sections)
            rows.append(row)
    place = place_within(measure)
    return tuple(
        sorted(rows, key=lambda row: (place.get(row.within, len(place)), row.rank or 0, row.unit))
    )


def _row(
    scores: YearScores,
    score: UnitScore,
    period: YearPeriod | None,
    rank: int | None,
    points: Decimal,
    figures: Mapping[str, Decimal],
) -> Row:
    town = scores.town
    shown = {one.number for one in score.periods} if period is None else {period.number}
    first = town.first if period is None else period.first
    last = town.last if period is None else period.last
    return Row(
        rank,
        score.unit,
        score.name,
        ranked_within(score, town.measure),
        points,
        points,
        figures,
        None,
        score.total,
        tuple(flags_by(score, None if period is None else period.number, town.measure)),
        score.band if period is None else None,
        tuple(number for number in score.carried if number in shown),
        score.first if score.first > first else None,
        score.last if score.last < last else None,
    )


def _flags(scores: YearScores, period: YearPeriod | None) -> Iterator[Raised]:
    town, number = scores.town, None if period is None else period.number
    for score in sorted(scores.units, key=lambda score: score.unit):
        first: dict[str, Raised] = {}
        for flag in raised_by(score, number, town.measure):
            citation = town.measure.heading(flag.clause).citation
            since = None if flag.period is None else town.calendar.period(town.year, flag.period)
            known = first.get(flag.flag)
            raised = Raised(score.name, flag.flag, since, citation, flag)
            first[flag.flag] = known._replace(times=known.times + 1) if known else raised
        yield from first.values()


def _undecided(scores: YearScores, number: int | None, state: LedgerState) -> Iterator[str]:
    """Yield the units whose eligibility hangs on what is open, by id."""
    town = scores.town
    for score in sorted(scores.units, key=lambda score: score.unit):
        is_eligible = status_json(score, number, town.measure)["eligible"]
        if is_eligible and pending_flags(score, state, town):
            yield score.name


def open_counts(
    scores: YearScores, period: YearPeriod | None, *, by_clause: bool = False
) -> Iterator[OpenCount]:
    """Count the open points of a period, or of the year; an entry open under two units is one.

    Args:
        scores: of the year.
        period: the period; None for the year.
        by_clause: count those of each clause by themselves, those without a clause last; what was
            not inspected by section; and those that an earlier period left.
    """
    town, measure = scores.town, scores.town.measure
    whole_year = period is None or period.number == town.calendar.count
    order = {slug: at for at, slug in enumerate((*measure.clauses, *measure.sections))}
    entries: dict[tuple[str | None, bool, str, bool], set[tuple[str | None, str]]] = {}
    items: dict[tuple[str | None, bool, str, bool], list[OpenItem]] = {}
    for score in sorted(scores.units, key=lambda score: score.unit):
        posted = score.posted() if by_clause else set()
        answers = {}
        if by_clause and score.open:
            answers = {(one.clause, one.entries[0]): one.entries[1:] for one in score.postings()
                       if one.entries}  # fmt: skip
        for point in score.open:
            if period is not None and not whole_year and _is_later(point, period, measure):
                continue
            # An objection may be to a clause of a measure that is in force no longer.
            clause = point.clause if by_clause and point.clause in order else None
            is_counted = point.kind == "undetermined" and (point.clause, point.entry) in posted
            if clause is not None and point.kind == "not_inspected":
                clause = measure.section_of.get(clause, clause)
            is_earlier = by_clause and period is not None and point.period is not None
            is_earlier = is_earlier and (point.period or 0) < (period.number if period else 0)
            key = clause, is_earlier, point.kind, is_counted
            where = score.unit if point.entry is None else ""
            entries.setdefault(key, set()).add((point.entry or point.clause, where))
            answer = next(iter(answers.get((point.clause or "", point.entry or ""), ())), None)
            items.setdefault(key, []).append(
                OpenItem(score.name, point.entry, point.clause, answer)
            )
    for one in sorted(entries, key=lambda one: (order.get(one[0] or "", len(order)), one[1])):
        clause, is_earlier, kind, is_counted = one
        heading = None if clause is None else measure.heading(clause)
        yield OpenCount(
            kind,
            len(entries[one]),
            tuple(dict.fromkeys(item.name for item in items[one])),
            heading,
            tuple(items[one]),
            is_earlier=is_earlier,
            is_counted=is_counted,
        )


def _is_later(point: OpenPoint, period: YearPeriod, measure: Measure) -> bool:
    """Return whether an open point is of a later period, or of what is scored at the year's end."""
    if point.period is not None:
        return point.period > period.number
    section = measure.sections.get(measure.section_of.get(point.clause or "", ""))
    return section is not None and section.of == "year"
