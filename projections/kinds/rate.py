"""Kind `rate`: points in proportion to a rate, or fewer below a threshold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ledger.decimals import quotient
from projections.kinds.cases import CaseReader, field_reader, total_of
from projections.kinds.compiling import Compilation, Where, between_periods, closed_spans
from projections.measure.model import ByReading, MeasureData
from projections.postings import ZERO, ClauseResult, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from projections.facts import Occurrence, TownYear, UnitYear
    from projections.kinds.compiling import Coverage, Judge
    from projections.measure.model import Clause

_HUNDRED = Decimal(100)


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that has the numbers."""
    numerator: str
    denominator: str
    """Fields whose numbers are added up over the period or the year."""
    where: list[Where] = []
    """Conditions that an entry fulfils if it counts."""
    no_cases: Literal["full", "none"] | ByReading = "full"
    """Points of a unit whose denominator is 0, or that has no entry: all or none."""
    places: int = 2
    """Decimal places of points in proportion, rounded half up."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"full": "points", "threshold": "percent", "below": "points"}


TIMES = {"below": ("points_below", "points_begun")}
"""Percentage points below the threshold: whole ones, or a part of one counted as a whole one."""


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    return {amount.of: {} for amount in clause.amount}


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each period, or the year, once over.

    With `full` points are given in proportion to the rate; with `threshold` and `below` points are
    taken where the rate is below the threshold (percent), once or for each percentage point.
    """
    slug, parameters = given.slug, given.clause.parameters
    kind, of_year = parameters.entry, given.of_year
    tables = [given.amounts(of) for of in ("full", "threshold", "below")]
    no_cases = given.resolved(parameters.no_cases)
    reader = CaseReader(given, kind, where=parameters.where)
    upper = field_reader(given.measure, kind, parameters.numerator)
    lower = field_reader(given.measure, kind, parameters.denominator)
    assert upper is not None
    assert lower is not None

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        counted = reader.counted(unit.charged(kind))
        yield from between_periods(given, counted)
        for period, _, last in closed_spans(unit, town, of_year=of_year):
            found = [one for one in counted if of_year or one.period == period]
            yield from postings(period, last, found)

    def postings(period: int | None, last: date, found: list[Occurrence]) -> Iterator[ClauseResult]:
        recorded = [one.entry for one in found]
        (top, without), (bottom, more) = total_of(upper, recorded), total_of(lower, recorded)
        for name in dict.fromkeys([*without, *more]):
            yield OpenPoint("incomplete", name, slug, period)
        entries = tuple([one.id for one in recorded])
        yield posting(period, last, entries, Decimal(top), Decimal(bottom))

    def posting(
        period: int | None, last: date, entries: tuple[str, ...], top: Decimal, bottom: Decimal
    ) -> Posting:
        full, threshold, below = [table.find({"day": last})[0] for table in tables]
        read: list[Any] = [one.amount for one in (full, threshold, below) if one is not None]
        if not bottom:
            points = full.points if full is not None and no_cases == "full" else ZERO
            return Posting(slug, period, points, entries, Working("no cases"), tuple(read))
        if full is not None:
            points = quotient(top * full.points, bottom, parameters.places)
            words = Working("{} / {} × {}", (top, bottom, full.value))
            if top > bottom:
                points = full.points
                words = Working(
                    "{} of {}: more than all, counted as all: {}", (top, bottom, points)
                )
            return Posting(slug, period, points, entries, words, tuple(read))
        assert threshold is not None
        limit = threshold.amount.percent
        assert limit is not None
        short = limit * bottom - top * _HUNDRED
        points = below.points if below is not None and short > 0 else ZERO
        words = Working("{} of {}, {} % owed", (top, bottom, limit))
        if below is not None and below.amount.times is not None and short > 0:
            whole, rest = divmod(short, bottom)
            number = whole + (below.amount.times == "points_begun" and rest > 0)
            points *= number
            words = Working("{} × {}: {}", (number, below.value, words))
        return Posting(slug, period, points, entries, words, tuple(read))

    return judge
