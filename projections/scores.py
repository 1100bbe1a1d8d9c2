"""Scores of a year (四.2): postings added up by section, totals, flags and ranks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from projections.calendar import QUARTERS, quarter_start
from projections.clauses import clause_results
from projections.gathering import gather
from projections.open_points import objected, unverified
from projections.postings import ZERO, ClauseResult, Flag, OpenPoint, Posting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from ledger.state import LedgerState
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook


class QuarterScore(NamedTuple):
    """One quarter of one unit, in points; penalties are positive numbers."""

    quarter: int
    basic_work: Decimal
    abnormal_petitions: Decimal
    rewards: Decimal
    penalties: Decimal

    @property
    def score(self) -> Decimal:
        """Return 20 points less deductions; rewards and penalties count yearly only."""
        return self.basic_work + self.abnormal_petitions


@dataclass(slots=True)
class UnitScore:
    """One unit's year, in points, with the results that it is computed from."""

    unit: str
    name: str
    quarters: tuple[QuarterScore, ...]
    inspection: Decimal
    rewards: Decimal
    penalties: Decimal
    disqualified: bool
    vetoed: bool
    results: Sequence[ClauseResult]
    open: list[OpenPoint] = field(default_factory=list)
    rank: int = 0
    total: Decimal = field(init=False)
    """四.2: the four quarter scores + inspection + rewards − penalties."""

    def __post_init__(self) -> None:
        quarters = sum([quarter.score for quarter in self.quarters], ZERO)
        self.total = quarters + self.inspection + self.rewards - self.penalties

    @property
    def eligible(self) -> bool:
        """Return whether the unit may receive awards this year."""
        return not (self.disqualified or self.vetoed)

    def postings(self) -> list[Posting]:
        """Return every posting, in the order of the clauses."""
        return [one for one in self.results if isinstance(one, Posting)]

    def flags(self) -> list[Flag]:
        """Return every flag with its reason."""
        return [one for one in self.results if isinstance(one, Flag)]


@dataclass(frozen=True, slots=True)
class YearScores:
    """All units of a town in a year, in rank order, ties by unit id."""

    town: TownYear
    position: int
    units: tuple[UnitScore, ...]

    def unit(self, unit_id: str) -> UnitScore | None:
        """Return the score of one unit; None if it is not there."""
        return next((score for score in self.units if score.unit == unit_id), None)


def score_year(
    state: LedgerState,
    rulebook: Rulebook,
    year: int,
    through: date,
    *,
    provisional: bool = False,
) -> YearScores:
    """Return the scores of a year at the close of a day.

    A pure function of events, rulebook and day.

    Args:
        state: the ledger up to a position.
        rulebook: the measure.
        year: the assessment year.
        through: the day.
        provisional: whether unverified entries count too.
    """
    town, units = gather(state, rulebook, year, through, provisional=provisional)
    scores = [_score(unit, town, rulebook) for unit in units]
    return with_open_points(state, town, scores, provisional=provisional)


def with_open_points(
    state: LedgerState, town: TownYear, scores: list[UnitScore], *, provisional: bool
) -> YearScores:
    """Add unverified entries and undecided objections to scores; rank the units."""
    awaiting = unverified(state, town.year, town.through, provisional=provisional)
    contested = objected(state, town.year, town.through, provisional=provisional)
    for score in scores:
        score.open.extend(awaiting.get(score.unit, []))
        score.open.extend(contested.get(score.unit, []))
    return YearScores(town, state.position, rank(scores, town))


class Scored(NamedTuple):
    """Scores, with the state or the part of it that they were computed from."""

    state: LedgerState
    scores: YearScores


class Sums(NamedTuple):
    """Sums of a unit's results: points by quarter and section, flags, open points."""

    points: dict[tuple[int | None, str], Decimal]
    flags: set[str]
    open: list[OpenPoint]


def summed(results: Iterable[ClauseResult], rulebook: Rulebook) -> Sums:
    """Add results up."""
    sums = Sums({}, set(), [])
    points, sections = sums.points, rulebook.sections
    for result in results:
        if isinstance(result, Posting):
            if result.points:
                key = result.quarter, sections[result.clause]
                points[key] = points.get(key, ZERO) + result.points
        elif isinstance(result, Flag):
            sums.flags.add(result.flag)
        else:
            sums.open.append(result)
    return sums


def added(one: Sums, other: Sums, rulebook: Rulebook) -> Sums:
    """Add the sums of two sets of clauses; open points in the order of clauses."""
    points = dict(one.points)
    for key, value in other.points.items():
        points[key] = points.get(key, ZERO) + value
    open_points = [*one.open, *other.open]
    if one.open and other.open:
        order = {slug: place for place, slug in enumerate(rulebook.clauses)}
        open_points.sort(key=lambda point: order[point.clause or ""])
    return Sums(points, one.flags | other.flags, open_points)


def _score(unit: UnitYear, town: TownYear, rulebook: Rulebook) -> UnitScore:
    results = clause_results(unit, town, rulebook)
    return score_of_sums(unit, town, rulebook, summed(results, rulebook), results)


def score_of_sums(
    unit: UnitYear, town: TownYear, rulebook: Rulebook, sums: Sums, results: Sequence[ClauseResult]
) -> UnitScore:
    """Return a unit's score, given the sums of its results."""
    openings, points = rulebook.openings, sums.points

    def of_quarter(quarter: int, section: str) -> Decimal:
        return openings[section] + points.get((quarter, section), ZERO)

    quarters = tuple(
        [
            QuarterScore(
                quarter,
                basic_work=of_quarter(quarter, "basic_work"),
                abnormal_petitions=of_quarter(quarter, "abnormal_petitions"),
                rewards=of_quarter(quarter, "rewards"),
                penalties=-of_quarter(quarter, "penalties"),
            )
            for quarter in QUARTERS
            if quarter_start(town.year, quarter) <= town.through
        ]
    )
    return UnitScore(
        unit.id,
        unit.name,
        quarters,
        _of_year(points, "inspection"),
        _of_year(points, "rewards"),
        -_of_year(points, "penalties"),
        "disqualified" in sums.flags,
        "vetoed" in sums.flags,
        results,
        list(sums.open),
    )


def _of_year(sums: dict[tuple[int | None, str], Decimal], wanted: str) -> Decimal:
    return sum([points for (_, section), points in sums.items() if section == wanted], ZERO)


def rank_key(score: UnitScore, town: TownYear) -> tuple[bool, Decimal]:
    """Return the key that units are ranked by; the smallest is the first."""
    return score.vetoed and town.readings["veto_rank"] == "last", -score.total


def rank(scores: Iterable[UnitScore], town: TownYear) -> tuple[UnitScore, ...]:
    """Return units in rank order; ties share a rank (1, 2, 2, 4) and come by id."""
    keyed = sorted([(rank_key(score, town), score.unit, score) for score in scores])
    before, rank_before = None, 0
    for place, (key, _, score) in enumerate(keyed, 1):
        score.rank = rank_before if key == before else place
        before, rank_before = key, score.rank
    return tuple([score for _, _, score in keyed])
