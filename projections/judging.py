"""Run the clauses of a measure on the facts of one unit."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from projections.kinds import KINDS
from projections.kinds.compiling import Compilation, TracedReadings, of_no_period
from projections.measure.model import number_of
from projections.postings import ZERO, Deferred, Flag, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Judge
    from projections.measure import Measure
    from projections.measure.calendar import YearPeriod
    from projections.measure.model import AppliesTo
    from projections.postings import ClauseResult
    from projections.scores import UnitScore


OPENING = Working("opening points")
"""The working of the posting of a clause's opening points."""

BELOW, ABOVE = Working("not below {}: {} cut"), Working("not above {}: {} cut")
"""The workings of what a floor and a cap cut; their values are the bound and the points."""


class CompiledClause(NamedTuple):
    """A clause compiled under the readings in force."""

    slug: str
    judge: Judge
    of_year: bool
    of_period: bool
    applies_to: AppliesTo | None
    otherwise: Decimal | None
    """Points of the units to which it does not apply."""
    opening: Decimal | None
    floor: Decimal | None
    cap: Decimal | None
    together_with: frozenset[str]
    is_plain: bool
    """Whether the judge's results are the clause's results."""
    read: AbstractSet[str]
    """The readings that its compilation asked for; under other values of the others it is equal."""


def clause_results(
    unit: UnitYear, town: TownYear, slugs: Container[str] | None = None
) -> list[ClauseResult]:
    """Return the results of one unit and year, in the order of the clauses.

    Args:
        unit: the facts of the unit.
        town: the facts that all units share, with the readings in force.
        slugs: the clauses to run; all by default.

    Raises:
        NoAmountError: the measure states no amount, or several, for a case among the facts.
    """
    results: list[ClauseResult] = []
    for clause in compiled(town.measure, tuple(town.readings.items())):
        if slugs is None or clause.slug in slugs:
            results += judged(clause, unit, town, results)
    return results


def judged(
    clause: CompiledClause, unit: UnitYear, town: TownYear, earlier: Iterable[ClauseResult] = ()
) -> Iterable[ClauseResult]:
    """Return the results of one clause.

    Args:
        clause: the clause.
        unit: the facts of the unit.
        town: the facts that all units share, with the readings that the clause was compiled under.
        earlier: the results of clauses before it, for one that is bounded together with them.
    """
    if clause.is_plain:
        return clause.judge(unit, town)
    parts = [
        one for one in earlier if isinstance(one, Posting) and one.clause in clause.together_with
    ]
    return _bounded(clause, unit, town, parts)


@lru_cache(maxsize=64)
def compiled(measure: Measure, readings: tuple[tuple[str, str], ...]) -> tuple[CompiledClause, ...]:
    """Compile every clause, in the order of the measure.

    Args:
        measure: the measure.
        readings: (name, value in force) pairs, as a tuple so that they can be a cache key.
    """
    return tuple(compile_clause(measure, slug, dict(readings)) for slug in measure.clauses)


def compile_clause(measure: Measure, slug: str, readings: Mapping[str, str]) -> CompiledClause:
    """Compile one clause under the values of all readings."""
    traced = TracedReadings(readings)
    given = Compilation(measure.clauses[slug], traced, measure)
    return _compiled(given, traced.read)


def bounded_together(slug: str, measure: Measure) -> list[str]:
    """Return a clause with those whose points count towards its bounds, and theirs."""
    found = [slug]
    for name in found:
        found += [one for one in measure.clauses[name].together_with if one not in found]
    return found


def _compiled(given: Compilation, read: AbstractSet[str]) -> CompiledClause:
    clause, readings = given.clause, given.readings
    of_all = (clause.applies_to, clause.opening, clause.floor, clause.cap)
    return CompiledClause(
        clause.slug,
        _placed(given),
        given.of_year,
        given.of_period,
        clause.applies_to,
        None if clause.applies_to is None else number_of(clause.applies_to.otherwise, readings),
        number_of(clause.opening, readings),
        number_of(clause.floor, readings),
        number_of(clause.cap, readings),
        frozenset(clause.together_with),
        all(one is None for one in of_all),
        read,
    )


def _placed(given: Compilation) -> Judge:
    """Return the judge of a clause, whose results have the period that the section is of.

    A kind yields the period of each entry's day.
    """
    judge: Judge = KINDS[given.clause.kind].compile_clause(given)
    calendar = given.measure.calendar
    if given.of_year and calendar.count:
        return lambda unit, town: map(_of_the_year, judge(unit, town))
    if given.of_period and calendar.has_gaps:
        return lambda unit, town: map(_in_a_period, judge(unit, town))
    return judge


def _of_the_year(one: ClauseResult) -> ClauseResult:
    if one.period is None or isinstance(one, Flag):
        return one
    if isinstance(one, OpenPoint):
        return one._replace(period=None)
    return Posting(one.clause, None, one.points, one.entries, one.words, one.read)


def _in_a_period(one: ClauseResult) -> ClauseResult:
    """Return a result, without its points where it belongs to no period of the year."""
    if one.period is not None or not isinstance(one, Posting) or not one.points:
        return one
    return Posting(one.clause, None, ZERO, one.entries, Deferred(_nowhere, (one,)))


def _nowhere(one: Posting) -> Working:
    return of_no_period(one.working)


def applies(to: AppliesTo | None, unit: UnitYear | UnitScore) -> bool:
    """Return whether a clause is for a unit."""
    return to is None or to.includes(unit)


def _bounded(
    clause: CompiledClause, unit: UnitYear, town: TownYear, parts: Iterable[Posting]
) -> Iterator[ClauseResult]:
    """Yield the results of a clause with its opening points, and what its bounds cut.

    The bounds hold for the sum of the clause's points and those of `parts`.
    """
    spans: list[int | None] = [None] if town.has_begun else []
    if not clause.of_year:
        spans = [one.number for one in begun_periods(unit, town)]
    if not applies(clause.applies_to, unit):
        words = Working("the clause is not for this unit")
        yield from _alike(clause.slug, spans, clause.otherwise, words)
        return
    results: list[ClauseResult] = [
        *_alike(clause.slug, spans, clause.opening, OPENING),
        *clause.judge(unit, town),
    ]
    yield from results
    of_period: dict[int | None, list[Posting]] = {period: [] for period in spans}
    for one in (*parts, *results):
        if isinstance(one, Posting):
            of_period.setdefault(one.period, []).append(one)
    for period, postings in of_period.items():
        if period is None and clause.of_period:
            continue
        cut = cut_of(sum([one.points for one in postings], ZERO), clause.floor, clause.cap)
        if cut is not None:
            ids = (entry for one in postings if one.points for entry in one.entries)
            yield Posting(clause.slug, period, cut[0], tuple(dict.fromkeys(ids)), cut[1])


def _alike(
    slug: str, spans: Iterable[int | None], points: Decimal | None, working: Working
) -> Iterator[Posting]:
    """Yield a posting of the same points for each span; none without points."""
    if points is not None:
        yield from (Posting(slug, period, points, (), working) for period in spans)


def begun_periods(unit: UnitYear, town: TownYear) -> list[YearPeriod]:
    """Return the periods that have begun and in which the unit is assessed."""
    first, last = unit.first, unit.last
    return [one for one in town.begun if one.first <= last and one.last >= first]


def cut_of(
    total: Decimal, floor: Decimal | None, cap: Decimal | None
) -> tuple[Decimal, Working] | None:
    """Return the points that bring a sum back within its bounds, with the reason."""
    if floor is not None and total < floor:
        return floor - total, Working(BELOW.template, (floor, floor - total))
    if cap is not None and total > cap:
        return cap - total, Working(ABOVE.template, (cap, total - cap))
    return None
