"""Scores of a year (四.2): postings added up by section, totals, flags and ranks."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from projections.adjusting import adjust, without_carried
from projections.gathering import gather
from projections.judging import applies, begun_periods, clause_results
from projections.kinds.rank import place_postings
from projections.measure.amounts import NoAmountError
from projections.open_points import objected, unverified
from projections.places import places
from projections.postings import ZERO, ClauseResult, Flag, OpenPoint, Posting
from projections.raised import period_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from ledger.state import LedgerState
    from projections.facts import TownYear, UnitYear
    from projections.measure import Measure
    from projections.measure.model import Clause


class PeriodScore(NamedTuple):
    """One period of one unit, in points; what a section deducts is a positive number."""

    number: int
    """Its place in the year, from 1."""
    name: str
    """As 2016Q2."""
    score: Decimal
    """The points of the period's own sections; what is beside it counts yearly only."""
    sections: dict[str, Decimal]
    beside: dict[str, Decimal]


class UnitScore(Struct):
    """One unit's year, in points, with the results that it is computed from."""

    unit: str
    name: str
    type: str
    group: str | None
    periods: tuple[PeriodScore, ...]
    sections: dict[str, Decimal]
    """Of the whole year, those beside the periods too; deductions are positive numbers."""
    flags: tuple[str, ...]
    """In the order of the measure."""
    eligible: bool
    """Whether the unit may receive awards this year."""
    total: Decimal
    """四.2: the four quarter scores + inspection + rewards − penalties."""
    results: Sequence[ClauseResult]
    open: list[OpenPoint] = []
    rank: int | None = None
    band: str | None = None
    first: date = date.min
    """The first day on which the unit is assessed."""
    last: date = date.max
    carried: tuple[int, ...] = ()
    """The numbers of the periods that were published before the ledger began."""
    flagged_from: dict[str, int] = {}
    """By flag, the number of the first period that raised it; 0 without periods."""

    @property
    def id(self) -> str:
        """Return the unit's id."""
        return self.unit

    def period(self, number: int) -> PeriodScore | None:
        """Return the score of a period, by its number; None before it, or if not assessed in it."""
        return next((one for one in self.periods if one.number == number), None)

    def postings(self) -> list[Posting]:
        """Return every posting, in the order of the clauses."""
        return [one for one in self.results if isinstance(one, Posting)]

    def posted(self) -> set[tuple[str, str]]:
        """Return each clause or section with each entry that it has a posting of."""
        return {(one.clause, entry) for one in self.postings() for entry in one.entries}

    def raised(self) -> list[Flag]:
        """Return every flag with its reason."""
        return [one for one in self.results if isinstance(one, Flag)]


class YearScores(Struct, frozen=True):
    """All units of a town in a year, in rank order, ties by unit id."""

    town: TownYear
    position: int
    units: tuple[UnitScore, ...]

    def unit(self, unit_id: str) -> UnitScore | None:
        """Return the score of one unit; None if it is not there."""
        return next((score for score in self.units if score.unit == unit_id), None)


def score_year(
    state: LedgerState,
    measure: Measure,
    year: int,
    through: date,
    *,
    provisional: bool = False,
    readings: dict[str, str] | None = None,
) -> YearScores:
    """Return the scores of a year at the close of a day.

    A pure function of events, measure and day.

    Args:
        state: the ledger up to a position.
        measure: the measure of the year.
        year: the assessment year.
        through: the day.
        provisional: whether unverified entries count too.
        readings: those in force, instead of those that the rulings of the state give.
    """
    town, units = gather(state, measure, year, through, provisional=provisional, readings=readings)
    try:
        scores = [score_unit(unit, town) for unit in units]
    except NoAmountError as error:
        from projections.without_amount import named  # noqa: PLC0415 - only for a fault

        raise named(error, units, town) from error
    return completed(state, town, scores, provisional=provisional)


def completed(
    state: LedgerState,
    town: TownYear,
    scores: list[UnitScore],
    *,
    provisional: bool,
) -> YearScores:
    """Add what is known of all units alone: unverified entries, objections, places, ranks."""
    awaiting = unverified(state, town, provisional=provisional)
    contested = objected(state, town, provisional=provisional)
    for score in scores:
        score.open.extend(awaiting.get(score.unit, []))
        score.open.extend(contested.get(score.unit, []))
    return YearScores(town, state.position, placed(scores, town))


def placed(scores: list[UnitScore], town: TownYear) -> tuple[UnitScore, ...]:
    """Add the points by place to the scores of all units; return them in rank order."""
    measure = town.measure
    by_unit = {score.unit: score for score in scores}
    # No clause sees the places of another: all are found before any is added.
    found = [_places(clause, scores, town) for clause in measure.places if town.closed]
    for unit, posting in chain.from_iterable(found):
        score, section = by_unit[unit], measure.sections[measure.section_of[posting.clause]]
        score.results = [*score.results, posting]
        score.sections[section.slug] += section.told(posting.points)
        score.total += posting.points
    return rank(scores, town)


def _places(clause: Clause, scores: list[UnitScore], town: TownYear) -> list[tuple[str, Posting]]:
    """Return the postings of a clause that gives points by place, with their units."""
    measure, found = town.measure, list[tuple[str, Posting]]()
    by, without = clause.parameters.by, clause.parameters.without
    ranked = [
        one
        for one in scores
        if applies(clause.applies_to, one) and not any(flag in without for flag in one.flags)
    ]
    last = measure.ranked_last(town.readings)
    behind = {one.unit for one in ranked if _has_any(one, last)}
    for group in _groups(ranked, measure).values():
        values = {one.unit: one.total if by == "total" else one.sections[by] for one in group}
        found += place_postings(clause, measure, town.readings, values, behind, town.last).items()
    return found


class Scored(NamedTuple):
    """Scores, with the state or the part of it that they were computed from."""

    state: LedgerState
    scores: YearScores


class Sums(NamedTuple):
    """Sums of a unit's results: points by period and section, flags, open points.

    Flags have the number of the first period that raised them; one that belongs to no period is of
    the last.
    """

    points: dict[tuple[int | None, str], Decimal]
    flags: dict[str, int]
    open: list[OpenPoint]


def summed(results: Iterable[ClauseResult], unit: UnitYear, measure: Measure) -> Sums:
    """Add results up, but for those of periods that were published before the ledger began."""
    sums = Sums({}, {}, [])
    points, flags, section_of = sums.points, sums.flags, measure.section_of
    for result in without_carried(results, unit, measure):
        if isinstance(result, Posting):
            if result.points:
                key = result.period, section_of[result.clause]
                points[key] = points.get(key, ZERO) + result.points
        elif isinstance(result, Flag):
            number = period_of(result, measure)
            if flags.setdefault(result.flag, number) > number:
                flags[result.flag] = number
        else:
            sums.open.append(result)
    return sums


def added(one: Sums, other: Sums, measure: Measure) -> Sums:
    """Add the sums of two sets of clauses; open points in the order of clauses."""
    points = dict(one.points)
    for key, value in other.points.items():
        points[key] = points.get(key, ZERO) + value
    open_points = [*one.open, *other.open]
    if one.open and other.open:
        order = {slug: place for place, slug in enumerate(measure.clauses)}
        open_points.sort(key=lambda point: order[point.clause or ""])
    flags = one.flags | other.flags
    for flag in one.flags.keys() & other.flags.keys():
        flags[flag] = min(one.flags[flag], other.flags[flag])
    return Sums(points, flags, open_points)


def score_unit(unit: UnitYear, town: TownYear) -> UnitScore:
    """Return the score of a unit, without what depends on the others: points by place, ranks."""
    results = clause_results(unit, town)
    return score_of_sums(unit, town, summed(results, unit, town.measure), results)


def score_of_sums(
    unit: UnitYear, town: TownYear, sums: Sums, results: Sequence[ClauseResult] | None = None
) -> UnitScore:
    """Return a unit's score, given the sums of its results; without these it lists none."""
    measure = town.measure
    points = dict(sums.points)
    adjustments = adjust(points, unit, town, results or ())
    # Points of a period's section that are of no period would be lost.
    assert not any((None, section.slug) in points for section in measure.of_a_period)
    periods = _periods(unit, town, points)
    of_year = {
        section.slug: section.opening if town.has_begun else ZERO for section in measure.of_the_year
    }
    for (_, slug), value in points.items():
        if slug in of_year:
            of_year[slug] += value
    total = sum([one.score for one in periods], ZERO) + sum(of_year.values(), ZERO)
    return UnitScore(
        unit.id,
        unit.name,
        unit.type,
        unit.group,
        periods,
        {one.slug: one.told(of_year[one.slug]) for one in measure.of_the_year},
        tuple([flag for flag in measure.flags if flag in sums.flags]),
        not any(not measure.flags[flag].eligible for flag in sums.flags),
        total,
        [] if results is None else [*without_carried(results, unit, measure), *adjustments],
        list(sums.open),
        first=unit.first,
        last=unit.last,
        carried=tuple(sorted(unit.carried)),
        flagged_from=sums.flags,
    )


def _periods(
    unit: UnitYear,
    town: TownYear,
    points: Mapping[tuple[int | None, str], Decimal],
) -> tuple[PeriodScore, ...]:
    found, measure = [], town.measure
    for period in begun_periods(unit, town):
        number = period.number
        sections = {
            one.slug: one.opening + points.get((number, one.slug), ZERO)
            for one in measure.of_a_period
        }
        beside = {
            one.slug: one.told(points.get((number, one.slug), ZERO))
            for one in measure.beside_a_period
        }
        found.append(period_score(number, period.name, sections, beside))
    return tuple(found)


def period_score(
    number: int, name: str, sections: dict[str, Decimal], beside: dict[str, Decimal]
) -> PeriodScore:
    """Return the score of a period, given the points of its sections and of those beside it."""
    return PeriodScore(number, name, sum(sections.values(), ZERO), sections, beside)


def rank_key(score: UnitScore, town: TownYear) -> tuple[bool, Decimal]:
    """Return the key that units are ranked by; the smallest is the first."""
    return _has_any(score, town.measure.ranked_last(town.readings)), -score.total


def _has_any(score: UnitScore, flags: Sequence[str]) -> bool:
    """Return whether a unit has one of the flags, such as those that rank behind all others."""
    return bool(flags) and any(flag in flags for flag in score.flags)


def _groups(scores: Iterable[UnitScore], measure: Measure) -> dict[str | None, list[UnitScore]]:
    """Return the units that are ranked among each other."""
    found: dict[str | None, list[UnitScore]] = {}
    for score in scores:
        found.setdefault(ranked_within(score, measure), []).append(score)
    return found


def ranked_within(score: UnitScore, measure: Measure) -> str | None:
    """Return the group or type of the units that a unit is ranked among; None for all."""
    within = measure.rank.within
    return score.group if within == "group" else score.type if within == "type" else None


def place_within(measure: Measure) -> dict[str | None, int]:
    """Return the order in which the measure declares the groups or types that it ranks within."""
    within, units = measure.rank.within, measure.units
    coded = units.group if within == "group" else units.type if within == "type" else ()
    return {one.value: number for number, one in enumerate(coded)}


def rank(scores: Iterable[UnitScore], town: TownYear) -> tuple[UnitScore, ...]:
    """Return units in rank order; ties share a rank (1, 2, 2, 4) and come by id.

    Where they are ranked within groups or types, these follow each other as the measure declares
    them, and units of none come last.
    """
    measure = town.measure
    scores = list(scores)
    for score in scores if measure.bands else ():
        score.band = measure.band_of(score.total)
    last = measure.ranked_last(town.readings)
    if measure.rank.none:
        return tuple(sorted(scores, key=lambda score: score.unit))
    order, found = place_within(measure), list[UnitScore]()
    groups = _groups(scores, measure)
    for within in sorted(groups, key=lambda one: order.get(one, len(order))):
        of_group = sorted(
            [((_has_any(one, last), -one.total), one.unit, one) for one in groups[within]]
        )
        place_of = places(key for key, _, _ in of_group)
        for key, _, score in of_group:
            score.rank = place_of[key]
            found.append(score)
    return tuple(found)
