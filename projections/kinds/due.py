"""Kind `due`: reports owed by a day, such as each month's last: in time, late or missing."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from ledger.calendar import month_end, next_month_end
from ledger.entries import BY_KIND
from projections.kinds.cases import field_reader
from projections.kinds.due_reports import reports_by_day
from projections.known import Known
from projections.measure.model import Amount, ByReading, MeasureData
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from ledger.entries.base import Field
    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Compilation, Coverage, Judge
    from projections.measure.calendar import MeasureCalendar
    from projections.measure.measure import Measure
    from projections.measure.model import CaseValue, Clause

_WEEK = timedelta(days=7)
_HALF_MONTH, _LAST = 15, 31
"""Days of a month; a shorter month has its last day for 31."""
_NAMES = {"month": "%Y-%m", "day": "%Y-%m-%d"}
"""By the form of the field `owed_for`, how it names the report that is due on a day."""


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that is the report."""
    each: Literal["week", "half_month", "month", "period", "year"] | None = None
    """Owed by the last day of each week (Sunday), half month (15th and last day), month, …"""
    days_of_month: list[int] = []
    """Owed on these days of each month."""
    dates: list[str] = []
    """Owed on these days of the year: 07-10."""
    notices: bool = False
    """Whether one more is owed for each notice to the unit, by the notice's day."""
    owed_for: str | None = None
    """The field that says which report it is: the month or the day on which it was due, the notice.

    Left out: each report is for the earliest day not yet reported for.
    """
    late_until: Literal["arrived", "always", "month_end", "quarter_end"] | ByReading = "arrived"
    """Until when a report that was not in by its due date is late; after that it is missing."""


class Due(Struct, frozen=True, gc=False):
    """One report owed."""

    name: str
    """What a report for it says in `owed_for`: the month (2016-03), the due date, the period."""
    on: date
    late_until: date | None
    """The last day on which the report counts as late; None if it never counts as missing."""


def reads(clause: Clause) -> frozenset[str]:
    """Return the kinds of entries that the clause reads."""
    given: Parameters = clause.parameters
    return frozenset({given.entry, *(["notice"] if given.notices else [])})


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"report": "points"}


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    return {"report": {"state": ("late", "missing")}}


NAMES = {"state": ("late", "missing", "in")}
TIMES = {"report": ("days_late", "months_late")}


def days_owed(
    given: Parameters, fields: Mapping[str, Field], calendar: MeasureCalendar, year: int
) -> list[tuple[str, date]]:
    """Return the days of a year by which a report is owed, each with the report's name.

    Args:
        given: the parameters of the clause.
        fields: the fields of the report.
        calendar: the measure's.
        year: the assessment year.
    """
    found = dict[date, str]()
    for name, day in _days(given, calendar, year):
        found.setdefault(day, name)
    named_by = fields.get(name_field(given) or "")
    if named_by is not None and named_by.form in _NAMES:
        found = {day: f"{day:{_NAMES[named_by.form]}}" for day in found}
    return [(name, day) for day, name in sorted(found.items())]


@lru_cache(64)
def names_owed(measure: Measure, kind: str, year: int) -> frozenset[str] | None:
    """Return the names of the reports of a kind that some clause owes in a year.

    None if a report may be for what no clause names beforehand: the next day owed, a notice.
    """
    found, fields = set[str](), measure.fields(kind)
    for clause in measure.clauses.values():
        given = clause.parameters
        if clause.kind != "due" or given.entry != kind:
            continue
        if name_field(given) is None or (given.notices and kind not in BY_KIND):
            return None
        found |= {name for name, _ in days_owed(given, fields, measure.calendar, year)}
    return frozenset(found) or None


@lru_cache(64)
def names_about(measure: Measure, kind: str, year: int) -> frozenset[str] | None:
    """Return `names_owed` of a year and of its neighbours.

    A report may come in the year before or after the one that it is for.
    """
    found = [names_owed(measure, kind, year + step) for step in (-1, 0, 1)]
    known = [names for names in found if names is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def name_field(given: Parameters) -> str | None:
    """Return the field of a report that says which one it is: built-in ones name their month."""
    return "month" if given.entry in BY_KIND else given.owed_for


def _days(given: Parameters, calendar: MeasureCalendar, year: int) -> list[tuple[str, date]]:
    first, last = calendar.first_day(year), calendar.last_day(year)
    months = calendar.months(year)
    ends = [end for _, end in months]
    if month_end(last) > last:
        # The year ends within a month, some days of which are its own.
        ends.append(month_end(last))
    found: list[tuple[str, date]] = []
    numbers = given.days_of_month
    match given.each:
        case "month":
            found += months
        case "period":
            found += [(one.name, one.last) for one in calendar.periods(year)]
        case "year":
            found.append((str(year), last))
        case "week":
            day = first + timedelta(days=6 - first.weekday())
            while day <= last:
                found.append((day.isoformat(), day))
                day += _WEEK
        case "half_month":
            numbers = [_HALF_MONTH, _LAST, *numbers]
    days = [calendar.day_in(year, one) for one in given.dates]
    days += [end.replace(day=min(number, end.day)) for end in ends for number in numbers]
    return [*found, *((day.isoformat(), day) for day in days if first <= day <= last)]


def late_limit(due: date, reading: str, calendar: MeasureCalendar) -> date | None:
    """Return the last day on which a report counts as late; None if it never counts as missing.

    Args:
        due: the due date.
        reading: one of `Parameters.late_until`; `arrived` gives the due date itself.
        calendar: the measure's.
    """
    match reading:
        case "month_end":
            return next_month_end(due)
        case "quarter_end":
            return calendar.end_of_period(due)
        case "always":
            return None
        case _:
            return due


def state_of(due: Due, submitted: date | None, through: date, *, arrived: bool) -> str:
    """Return whether a report is `in`, `late`, `missing`, or `owed` (late, and not in yet)."""
    if submitted is not None and submitted <= due.on:
        return "in"
    if arrived:
        return "missing" if submitted is None else "late"
    limit = due.late_until
    if submitted is not None and (limit is None or submitted <= limit):
        return "late"
    return "owed" if limit is None or through < limit else "missing"


def times_late(amount: Amount, due: date, day: date) -> int:
    """Return the months or days from a due date to a day, as the amount's `times` says.

    A part of a month counts as a whole one. A month from the last day of one month ends on the
    last day of the next.
    """
    if amount.times != "months_late":
        return (day - due).days
    months = (day.year - due.year) * 12 + day.month - due.month
    return months + (day.day > due.day and due != month_end(due))


class Owed(Struct, frozen=True, gc=False):
    """A report that a unit owes, with what became of it."""

    what: str
    """The month, the due date, or the id of the notice."""
    due: Due
    state: str
    """`in`, `late`, `missing`, `owed` (late, and not in yet), or `due` (not yet due)."""
    report: Any
    """The earliest report; None if there is none."""
    submitted: date | None
    notice: str | None = None


class _Terms(Struct, frozen=True, gc=False):
    """Points of a report, by its state and due date."""

    period: int | None
    points: Decimal = ZERO
    read: tuple[Amount, ...] = ()


def owed_by(given: Compilation) -> Callable[[UnitYear, TownYear, date], Iterator[Owed]]:
    """Return the function that gives what a unit owes under the clause, due on or before a day."""
    parameters: Parameters = given.clause.parameters
    calendar, reading = given.measure.calendar, given.resolved(parameters.late_until)
    arrived = reading == "arrived"
    fields = given.measure.fields(parameters.entry)

    @lru_cache(8)
    def due_on(year: int, to: date) -> tuple[Due, ...]:
        days = days_owed(parameters, fields, calendar, year)
        if given.of_period:
            days = [one for one in days if calendar.period_of(one[1]) is not None]
        limited = [(name, day, late_limit(day, reading, calendar)) for name, day in days]
        return tuple([Due(*one) for one in limited if one[1] <= to])

    @lru_cache(64)
    def last_before(year: int, day: date) -> date:
        """Return the last day before another on which a report was due, perhaps to nobody."""
        days = [one.on for of in (year - 1, year) for one in due_on(of, date.max) if one.on < day]
        return max(days, default=date.min)

    of_notice = Known[date, Due](lambda day: Due("", day, late_limit(day, reading, calendar)))

    def owed(unit: UnitYear, town: TownYear, to: date) -> Iterator[Owed]:
        first, last = max(unit.first, town.first), unit.last
        dues = [one for one in due_on(town.year, to) if first <= one.on <= last]
        by_name = reports_by_day(given, parameters, unit, dues, last_before(town.year, first))
        for due in dues:
            yield found(due.name, due, by_name.get(due.name), town)
        for notice, units in town.notices if parameters.notices else ():
            day = notice.due_on
            if day > to:
                continue
            if (units is None or unit.id in units) and unit.assesses(day):
                yield found(notice.id, of_notice[day], by_name.get(notice.id), town, notice.id)

    def found(
        what: str, due: Due, reports: list[Any] | None, town: TownYear, notice: str | None = None
    ) -> Owed:
        report = reports[0] if reports else None
        submitted = None if report is None else report.day()
        if due.on > town.through and report is None:
            return Owed(what, due, "due", None, None, notice)
        state = state_of(due, submitted, town.through, arrived=arrived)
        return Owed(what, due, state, report, submitted, notice)

    return owed


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points; 0 if in time) for each report due."""
    owed, posting, unowed = owed_by(given), posting_of(given), _unowed(given)

    def judge(unit: UnitYear, town: TownYear) -> list[Posting]:
        found = [posting(one, town) for one in owed(unit, town, town.through)]
        return found if unowed is None else [*found, *unowed(unit, town)]

    return judge


def posting_of(given: Compilation) -> Callable[[Owed, TownYear], Posting]:
    """Return the function that gives the posting of a report that has fallen due."""
    slug, calendar = given.slug, given.measure.calendar
    arrived = given.resolved(given.clause.parameters.late_until) == "arrived"
    table = given.amounts("report")

    def terms(case: tuple[str, date]) -> _Terms:
        state, day = case
        of_case: dict[str, CaseValue] = {"state": state, "day": day}
        found = table.find(of_case)[0] if state == "in" else table.one(of_case)
        period = calendar.period_of(day)
        return _Terms(period) if found is None else _Terms(period, found.points, (found.amount,))

    terms_of = Known(terms)

    def posting(one: Owed, town: TownYear) -> Posting:
        due, state, submitted = one.due, one.state, one.submitted
        what: str | Working = one.what
        day = due.on
        entries: tuple[str, ...] = ()
        if one.notice is not None:
            what, entries = Working("notice {}", (one.notice,)), (one.notice,)
        if one.report is not None:
            entries = (*entries, one.report.id)
        # What is owed still is late until it is missing.
        of_case = terms_of["late" if state == "owed" else state, day]
        points = of_case.points
        if state == "in":
            words = Working("{}: in on {}, due {}", (what, submitted, day))
            return Posting(slug, of_case.period, points, entries, words, of_case.read)
        if state == "late":
            words = Working("{}: late, in on {}, due {}", (what, submitted, day))
        elif state == "owed":
            words = Working("{}: not in yet, due {}, still owed on {}", (what, day, town.through))
        else:
            limit = town.through if arrived else due.late_until
            words = Working("{}: missing, due {}, not in by {}", (what, day, limit))
        (amount,) = of_case.read
        if amount.times is not None:
            number = times_late(amount, day, submitted or town.through)
            words = Working("{} × {}: {}", (points, number, words))
            points *= number
        return Posting(slug, of_case.period, points, entries, words, of_case.read)

    return posting


def _unowed(given: Compilation) -> Callable[[UnitYear, TownYear], Iterator[Posting]] | None:
    """Return the function that yields a posting of 0 points for each report that nobody owes.

    None if another clause says so of the kind, or each report is for some day.
    """
    kind, measure, slug = given.clause.parameters.entry, given.measure, given.slug
    of_kind = [
        one.slug
        for one in measure.clauses.values()
        if one.kind == "due" and one.parameters.entry == kind
    ]
    read = field_reader(measure, kind, given.clause.parameters.owed_for or "")
    if kind in BY_KIND or read is None or of_kind[0] != slug:
        return None

    def unowed(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        owed = names_about(measure, kind, town.year)
        if owed is None:
            return
        for report in unit.submitted[kind]:
            day, name = report.day(), str(read(report))
            if day is None or name in owed:
                continue
            if town.first <= day <= town.last and unit.assesses(day):
                period = measure.calendar.period_of(day)
                words = Working("{}: no report is owed for it", (name,))
                yield Posting(slug, period, ZERO, (report.id,), words)

    return unowed
