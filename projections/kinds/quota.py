"""Kind `quota`: so many of something in each month, period or year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from ledger.calendar import next_month_end
from ledger.entries import CaseReport
from projections.facts import Occurrence
from projections.kinds.cases import CaseReader, field_reader, total_of
from projections.kinds.compiling import Compilation, Where
from projections.known import Known
from projections.measure.model import Amount, ByReading, MeasureData
from projections.postings import ZERO, ClauseResult, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Coverage, Judge
    from projections.measure.calendar import MeasureCalendar
    from projections.measure.model import Clause

Until = Literal["any", "month_end_after", "quarter_end", "month"]


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that is counted."""
    each: Literal["month", "period", "year"]
    """The span in which so many are owed; it is scored when it is over."""
    count: str | None = None
    """The field whose numbers are added up; left out: entries are counted."""
    until: Until | ByReading = "any"
    """Until when a monthly report counts: any day, the first month-end after the month's end, the
    end of the period of the month's end, or the month's end itself."""
    where: list[Where] = []
    """Conditions that an entry fulfils if it counts."""


class _Span(Struct, frozen=True, gc=False):
    name: str
    """The month, period or year."""
    first: date
    last: date
    limit: date | None
    period: int | None
    months: tuple[str, ...]
    """The months that end in it, as 2016-03."""


def reads(clause: Clause) -> frozenset[str]:
    """Return the kinds of entries that the clause reads."""
    return frozenset({clause.parameters.entry})


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {
        "owed": "count",
        "short": "points",
        "reached": "points",
        "each": "points",
        "surplus": "points",
    }


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    return {"owed": {}}


class Counted(Struct, frozen=True, gc=False):
    """Count of a unit's entries in one span, against the number owed."""

    span: _Span
    period: int | None
    total: int
    """How many there are."""
    entries: tuple[str, ...]
    """Those that are counted."""
    late: tuple[Any, ...]
    """Entries that came too late to be counted."""
    incomplete: tuple[str, ...]
    """Those whose number is not recorded; they are counted as 0."""
    owed: int
    """How many are owed."""
    points: Decimal
    read: tuple[Amount, ...]
    words: Working
    """How the points were computed."""


def owed_by(given: Compilation) -> Callable[[UnitYear, TownYear, date], Iterator[Counted]]:
    """Return the function that counts what a unit has, in the spans that end on or before a day."""
    calendar = given.measure.calendar
    parameters: Parameters = given.clause.parameters
    owing = given.amounts("owed")
    rates = {of: given.amounts(of) for of in ("each", "reached", "short", "surplus")}
    until = given.resolved(parameters.until)
    spans_of = lru_cache(8)(lambda year: _spans(parameters, calendar, year, until))
    reader = CaseReader(given, parameters.entry, where=parameters.where)
    field = parameters.count
    number = None if field is None else field_reader(given.measure, parameters.entry, field)
    by_month = parameters.entry == CaseReport.KIND
    of_year = given.of_year

    def entries_of(unit: UnitYear, span: _Span) -> list[Any]:
        if by_month:
            of_month = unit.reports[parameters.entry]
            if not of_month:
                return []
            reports = [one for name in span.months for one in of_month.get(name, ())]
            if not parameters.where:
                return reports
            occurrences = [Occurrence(one, span.last, None) for one in reports]
        else:
            of_kind = unit.charged(parameters.entry)
            occurrences = [one for one in of_kind if span.first <= one.day <= span.last]
        return [one.entry for one in reader.counted(occurrences)]

    def owed(unit: UnitYear, town: TownYear, to: date) -> Iterator[Counted]:
        first, last = max(unit.first, town.first), min(unit.last, to)
        for span in spans_of(town.year):
            if not first <= span.last <= last:
                continue
            found, limit = entries_of(unit, span), span.limit
            late: tuple[Any, ...] = ()
            if limit is not None and found:
                late = tuple([one for one in found if one.day() > limit])
                found = [one for one in found if one not in late] if late else found
            total, incomplete = total_of(number, found) if number else (len(found), ())
            entries = tuple([one.id for one in found])
            period = None if of_year else span.period
            cost_of = costs[total, span.name, span.last]
            yield Counted(span, period, total, entries, late, incomplete, *cost_of)

    def cost(case: tuple[int, str, date]) -> tuple[int, Decimal, tuple[Amount, ...], Working]:
        total, name, day = case
        amount = owing.one({"day": day}).amount
        owed_count = amount.count
        assert owed_count is not None
        short = owed_count - total
        number_of = {
            "each": min(total, owed_count),
            "reached": int(short <= 0),
            "short": max(short, 0),
            "surplus": max(-short, 0),
        }
        found = [(table.find({"day": day})[0], number_of[of]) for of, table in rates.items()]
        taken = [(rate, times) for rate, times in found if rate is not None and times]
        points = sum([rate.points * times for rate, times in taken], ZERO)
        formula = " + ".join(f"{times} × {rate.value}" for rate, times in taken)
        many = name, total, owed_count
        words = Working("{} had {}, {} owed", many)
        if formula:
            words = Working("{}: {} had {} of {}", (formula, *many))
        if by_month:
            words = Working("{} had {} cases, {} owed", many)
            if formula:
                words = Working("{}: {} had {} of {} cases", (formula, *many))
        return owed_count, points, (amount, *[rate.amount for rate, _ in taken]), words

    costs = Known(cost)
    return owed


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each span that is over.

    `short` is taken for each that is missing, `reached` given if none is, `each` given for each up
    to what is owed, `surplus` for each beyond.
    """
    slug, owed = given.slug, owed_by(given)
    field, measure = given.clause.parameters.count, given.measure
    kind = given.clause.parameters.entry
    number = None if field is None else field_reader(measure, kind, field)
    of_cases = kind == CaseReport.KIND

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        for one in owed(unit, town, town.through):
            for name in one.incomplete:
                yield OpenPoint("incomplete", name, slug, one.period)
            yield Posting(slug, one.period, one.points, one.entries, one.words, one.read)
            for entry in one.late:
                many = (
                    one.span.name,
                    (number(entry) or 0) if number else 1,
                    entry.day(),
                    one.span.limit,
                )
                words = Working("{} had {}, in on {}: counted until {} alone", many)
                if of_cases:
                    words = Working("{} had {} cases, in on {}: counted until {} alone", many)
                yield Posting(slug, one.period, ZERO, (entry.id,), words)

    return judge


def _spans(
    given: Parameters, calendar: MeasureCalendar, year: int, until: Until
) -> tuple[_Span, ...]:
    def span(
        name: str, first: date, last: date, period: int | None, limit: date | None = None
    ) -> _Span:
        months = [month for month, end in calendar.months(year) if first <= end <= last]
        return _Span(name, first, last, limit, period, tuple(months))

    if given.each == "month":
        return tuple(
            span(
                name, end.replace(day=1), end, calendar.period_of(end), _limit(end, until, calendar)
            )
            for name, end in calendar.months(year)
        )
    if given.each == "period":
        periods = calendar.periods(year)
        return tuple(span(one.name, one.first, one.last, one.number) for one in periods)
    last = calendar.last_day(year)
    return (span(str(year), calendar.first_day(year), last, calendar.period_of(last)),)


def _limit(end: date, until: Until, calendar: MeasureCalendar) -> date | None:
    match until:
        case "month_end_after":
            return next_month_end(end)
        case "quarter_end":
            return calendar.end_of_period(end)
        case "month":
            return end
        case _:
            return None
