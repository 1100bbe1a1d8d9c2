"""Kind `quota`: so many of something in each month, period or year."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from projections.calendar import next_month_end
from projections.kinds.cases import CaseReader, field_reader
from projections.kinds.compiling import Compilation, Where
from projections.kinds.occurrence import exclusion, imposed
from projections.measure.model import ByReading, MeasureData
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Judge
    from projections.measure.calendar import MeasureCalendar
    from projections.measure.model import Clause

Until = Literal["any", "month_end_after", "quarter_end", "month"]


class Parameters(MeasureData, frozen=True, kw_only=True):
    """What a clause of this kind says beside its amounts."""

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


class _Span(NamedTuple):
    name: str
    first: date
    last: date
    limit: date | None
    period: int | None


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


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each span that is over.

    `short` is taken for each that is missing, `reached` given if none is, `each` given for each up
    to what is owed, `surplus` for each beyond.
    """
    slug, calendar = given.slug, given.measure.calendar
    parameters: Parameters = given.clause.parameters
    owed = given.amounts("owed").one().amount
    count = owed.count
    assert count is not None
    rates = {of: given.amounts(of).find({})[0] for of in ("short", "reached", "each", "surplus")}
    until = given.resolved(parameters.until)
    spans_of = lru_cache(8)(lambda year: _spans(parameters, calendar, year, until))
    where = imposed(parameters.where, given.readings)
    names = [name for one in where for name in one.when]
    reader = CaseReader(given.measure, given.readings, parameters.entry, [], more=names)
    field = parameters.count
    number = None if field is None else field_reader(given.measure, parameters.entry, field)
    monthly = parameters.each == "month" and parameters.entry in ("case_report",)
    of_year = given.of_year

    def entries_of(unit: UnitYear, span: _Span) -> list[Any]:
        if monthly:
            return unit.reports[parameters.entry].get(span.name, [])
        return [
            one.entry
            for one in unit.occurrences[parameters.entry]
            if span.first <= one.day <= span.last
            and exclusion(where, reader.case(reader.key(one))) is None
        ]

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        for span in spans_of(town.year):
            if span.last > town.through or not unit.assesses(span.last) or span.last < town.first:
                continue
            period = None if of_year else span.period
            found = entries_of(unit, span)
            counted = [one for one in found if span.limit is None or one.day() <= span.limit]
            total = sum([number(one) for one in counted]) if number else len(counted)
            excluded = [one for one in found if one not in counted]
            entries = tuple([one.id for one in counted])
            yield posting(span.name, period, total, entries)
            for one in excluded:
                words = Working(
                    "{} had {} cases, in on {}: counted until {} alone",
                    (span.name, number(one) if number else 1, one.day(), span.limit),
                )
                yield Posting(slug, period, ZERO, (one.id,), words)

    def posting(name: str, period: int | None, total: int, entries: tuple[str, ...]) -> Posting:
        short, more = count - total, total - count
        parts = [
            (rates["each"], min(total, count)),
            (rates["reached"], int(short <= 0)),
            (rates["short"], max(short, 0)),
            (rates["surplus"], max(more, 0)),
        ]
        taken = [(rate, times) for rate, times in parts if rate is not None and times]
        points = sum([(rate.value or ZERO) * times for rate, times in taken], ZERO)
        read = (owed, *[rate.amount for rate, _ in taken])
        if not taken:
            words = Working("{} had {} cases, {} owed", (name, total, count))
            return Posting(slug, period, ZERO, entries, words, (owed,))
        formula = " + ".join(f"{times} × {rate.value}" for rate, times in taken)
        words = Working("{}: {} had {} of {} cases", (formula, name, total, count))
        return Posting(slug, period, points, entries, words, read)

    return judge


def _spans(
    given: Parameters, calendar: MeasureCalendar, year: int, until: Until
) -> tuple[_Span, ...]:
    if given.each == "month":
        return tuple(
            _Span(
                name, end.replace(day=1), end, _limit(end, until, calendar), calendar.period_of(end)
            )
            for name, end in calendar.months(year)
        )
    if given.each == "period":
        periods = calendar.periods(year)
        return tuple(_Span(one.name, one.first, one.last, None, one.number) for one in periods)
    last = calendar.last_day(year)
    return (_Span(str(year), calendar.first_day(year), last, None, calendar.period_of(last)),)


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
