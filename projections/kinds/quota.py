"""Kind `quota`: so many of something in each month, period or year."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from ledger.calendar import next_month_end
from ledger.entries import CaseReport
from projections.facts import Occurrence
from projections.kinds.cases import CaseReader, field_reader, total_of
from projections.kinds.compiling import Compilation, Where, of_no_period
from projections.known import Known
from projections.measure.model import Amount, ByReading, MeasureData
from projections.postings import ZERO, ClauseResult, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

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


class Quotas:
    """Counts what a unit has in each span of a clause, against what is owed."""

    def __init__(self, given: Compilation) -> None:
        """Compile the clause."""
        parameters: Parameters = given.clause.parameters
        self._given, self._kind = given, parameters.entry
        self._owing = given.amounts("owed")
        rates = ("each", "reached", "short", "surplus")
        self._rates = {of: given.amounts(of) for of in rates}
        self._reader = CaseReader(given, parameters.entry, where=parameters.where)
        self._where = parameters.where
        self._spans = lru_cache(8)(partial(_spans, given))
        self._by_month = parameters.entry == CaseReport.KIND
        self._costs = Known(self._cost)
        self.number = None
        """Reads the number of an entry that is added up; None where entries are counted."""
        if parameters.count is not None:
            self.number = field_reader(given.measure, parameters.entry, parameters.count)

    def owed(self, unit: UnitYear, town: TownYear, to: date) -> Iterator[Counted]:
        """Yield what a unit has in the spans that end on or before a day."""
        first, last = max(unit.first, town.first), min(unit.last, to)
        for span in self._spans(town.year)[0]:
            if not first <= span.last <= last:
                continue
            found, limit = self._entries(unit, span), span.limit
            late: tuple[Any, ...] = ()
            if limit is not None and found:
                late = tuple([one for one in found if one.day() > limit])
                found = [one for one in found if one not in late] if late else found
            total, incomplete = total_of(self.number, found) if self.number else (len(found), ())
            entries = tuple([one.id for one in found])
            cost = self._costs[total, span.name, span.last]
            yield Counted(span, total, entries, late, incomplete, *cost)

    def between(self, unit: UnitYear, town: TownYear) -> Iterator[Any]:
        """Yield the entries of the days on which no span counts."""
        for span in self._spans(town.year)[1]:
            yield from self._entries(unit, span)

    def _entries(self, unit: UnitYear, span: _Span) -> list[Any]:
        if self._by_month:
            of_month = unit.reports[self._kind]
            if not of_month:
                return []
            reports = [one for name in span.months for one in of_month.get(name, ())]
            if not self._where:
                return reports
            occurrences = [Occurrence(one, span.last, None) for one in reports]
        else:
            of_kind = unit.charged(self._kind)
            occurrences = [one for one in of_kind if span.first <= one.day <= span.last]
        return [one.entry for one in self._reader.counted(occurrences)]

    def _cost(
        self, case: tuple[Any, str, date]
    ) -> tuple[int, Decimal, tuple[Amount, ...], Working]:
        total, name, day = case
        amount = self._owing.one({"day": day}).amount
        owed_count = amount.count
        assert owed_count is not None
        short = owed_count - total
        number_of = {
            "each": min(total, owed_count),
            "reached": int(short <= 0),
            "short": max(short, 0),
            "surplus": max(-short, 0),
        }
        found = [(table.find({"day": day})[0], number_of[of]) for of, table in self._rates.items()]
        taken = [(rate, times) for rate, times in found if rate is not None and times]
        points = sum([rate.points * times for rate, times in taken], ZERO)
        formula = " + ".join(f"{times} × {rate.value}" for rate, times in taken)
        many = name, total, owed_count
        words = Working("{} had {}, {} owed", many)
        if formula:
            words = Working("{}: {} had {} of {}", (formula, name, total, owed_count))
        if self._by_month:
            words = Working("{} had {} cases, {} owed", many)
            if formula:
                words = Working("{}: {} had {} of {} cases", (formula, name, total, owed_count))
        return owed_count, points, (amount, *[rate.amount for rate, _ in taken]), words


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each span that is over.

    `short` is taken for each that is missing, `reached` given if none is, `each` given for each up
    to what is owed, `surplus` for each beyond.
    """
    slug, quotas = given.slug, Quotas(given)
    number, of_cases = quotas.number, given.clause.parameters.entry == CaseReport.KIND

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        for one in quotas.owed(unit, town, town.through):
            span = one.span
            for name in one.incomplete:
                yield OpenPoint("incomplete", name, slug, span.period)
            yield Posting(slug, span.period, one.points, one.entries, one.words, one.read)
            for entry in one.late:
                counted = (number(entry) or 0) if number else 1
                many = span.name, counted, entry.day(), span.limit
                words = Working("{} had {}, in on {}: counted until {} alone", many)
                if of_cases:
                    words = Working("{} had {} cases, in on {}: counted until {} alone", many)
                yield Posting(slug, span.period, ZERO, (entry.id,), words)
        for entry in quotas.between(unit, town):
            yield Posting(slug, None, ZERO, (entry.id,), of_no_period(entry.day()))

    return judge


def _spans(given: Compilation, year: int) -> tuple[list[_Span], list[_Span]]:
    """Return the spans of a year in which so many are owed, and the days between them."""
    parameters: Parameters = given.clause.parameters
    calendar, until = given.measure.calendar, given.resolved(parameters.until)

    def span(name: str, first: date, last: date) -> _Span:
        months = [month for month, end in calendar.months(year) if first <= end <= last]
        limit = _limit(last, until, calendar) if parameters.each == "month" else None
        return _Span(name, first, last, limit, calendar.period_of(last), tuple(months))

    match parameters.each:
        case "month" if parameters.entry == CaseReport.KIND:
            # A report names its calendar month.
            found = [span(name, end.replace(day=1), end) for name, end in calendar.months(year)]
        case "month":
            found = [span(*month) for month in calendar.month_spans(year)]
        case "period":
            found = [span(one.name, one.first, one.last) for one in calendar.periods(year)]
            found += [span("", *days) for days in calendar.gaps(year)]
        case _:
            found = [span(str(year), calendar.first_day(year), calendar.last_day(year))]
    by_period = parameters.each == "period" or given.of_period
    between = [one for one in found if by_period and one.period is None]
    return [one for one in found if one not in between], between


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
