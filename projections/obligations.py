"""Obligations of each unit by a day: in, late, missing, or due soon."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.decimals import plain
from ledger.entries import BY_KIND, CaseReport
from projections.gathering import gather
from projections.judging import applies
from projections.kinds import due, milestone, quota
from projections.kinds.compiling import Compilation
from projections.postings import ZERO, Posting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ledger.state import LedgerState
    from projections.facts import TownYear, UnitYear
    from projections.measure import Measure
    from projections.query import YearQuery

    _Obligations = Callable[[UnitYear, TownYear, date], Iterator["Obligation"]]

SOON = timedelta(days=31)
"""How long before its day an obligation is listed as due."""


class Obligation(NamedTuple):
    """One report or number owed by one unit."""

    unit: str
    clause: str
    what: str
    """The month, day, period or notice that it is for; of a milestone its day."""
    due: date
    state: str
    """`in`, `late`, `missing` or `due` (not yet)."""
    entry: str | None
    points: Decimal
    """Points that it costs, by the day."""
    counted: int | Decimal | None = None
    """How many of so many are in, of what is counted."""
    owed: int | None = None
    """How many are owed."""
    kind: str = ""
    """The kind of entry that it is met by."""
    about: str | None = None
    """The field in which such an entry says what it is for."""
    on: date | None = None
    """The day of the entry."""

    def as_json(self) -> dict[str, Any]:
        """Return the contract's JSON of one obligation."""
        return {
            "unit": self.unit,
            "clause": self.clause,
            "what": self.what,
            "due": self.due.isoformat(),
            "state": self.state,
            "entry": self.entry,
            "points": plain(self.points),
            "counted": plain(self.counted) if isinstance(self.counted, Decimal) else self.counted,
            "owed": self.owed,
        }


def obligations(
    state: LedgerState, measure: Measure, query: YearQuery, ahead: timedelta = SOON
) -> tuple[TownYear, list[Obligation]]:
    """Return the year, and what the units owe, by unit and day.

    Args:
        state: the year's part of the ledger.
        measure: the year's.
        query: the year, the day, and which entries count.
        ahead: how long after the day what is not yet due is listed.
    """
    year, through, provisional = query
    town, units = gather(state, measure, year, through, provisional=provisional)
    to = through + ahead
    later, _ = gather(state, measure, year, to, provisional=provisional)
    town.notices = later.notices
    found: list[Obligation] = []
    for clause in town.measure.clauses.values():
        if clause.kind in _OF_KIND:
            given = Compilation(clause, town.readings, town.measure)
            of_unit = _OF_KIND[clause.kind](given)
            for unit in units:
                if applies(clause.applies_to, unit):
                    owed = of_unit(unit, town, to)
                    found += [one for one in owed if not _is_carried(one, unit, given)]
    return town, sorted(found, key=lambda one: (one.unit, one.due, one.clause, one.what))


def _is_carried(one: Obligation, unit: UnitYear, given: Compilation) -> bool:
    """Return whether it fell due in a period of which nothing but what was published is scored."""
    period = given.measure.calendar.period_of(one.due)
    return not given.of_year and period in unit.carried


def _reports(given: Compilation) -> _Obligations:
    owed_by, posting_of = due.owed_by(given), due.posting_of(given)
    kind, about = given.clause.parameters.entry, due.name_field(given.clause.parameters)
    is_built_in = kind in BY_KIND

    def of_unit(unit: UnitYear, town: TownYear, to: date) -> Iterator[Obligation]:
        for one in owed_by(unit, town, to):
            state = "missing" if one.state == "owed" else one.state
            entry = None if one.report is None else one.report.id
            cost = posting_of(one, town).points if one.due.on <= town.through else ZERO
            yield Obligation(
                unit.id,
                given.slug,
                one.what,
                one.due.on,
                state,
                entry,
                cost,
                kind=kind,
                about=about if one.notice is None or not is_built_in else "notice",
                on=one.submitted,
            )

    return of_unit


def _quotas(given: Compilation) -> _Obligations:
    owed_by, kind = quota.Quotas(given).owed, given.clause.parameters.entry
    about = "month" if kind == CaseReport.KIND else None

    def of_unit(unit: UnitYear, town: TownYear, to: date) -> Iterator[Obligation]:
        for one in owed_by(unit, town, to):
            state = "in" if one.total >= one.owed else "missing"
            if one.span.last > town.through and state == "missing":
                state = "due"
            entry = one.entries[0] if one.entries else None
            points = one.points if one.span.last <= town.through else ZERO
            yield Obligation(
                unit.id,
                given.slug,
                one.span.name,
                one.span.last,
                state,
                entry,
                points,
                one.total,
                one.owed,
                kind,
                about,
            )

    return of_unit


def _milestones(given: Compilation) -> _Obligations:
    owed_by, judge = milestone.owed_by(given), milestone.compile_clause(given)
    kind = given.clause.parameters.entry

    def of_unit(unit: UnitYear, town: TownYear, to: date) -> Iterator[Obligation]:
        owed = owed_by(unit, town)
        if owed is None or owed[0] > to:
            return
        day, done = owed
        state, entry, on = "due" if day > town.through else "missing", None, None
        if done is not None:
            state, entry, on = "in" if done.day <= day else "late", done.entry.id, done.day
        points = ZERO
        if day <= town.through:
            found = judge(unit, town)
            points = sum([one.points for one in found if isinstance(one, Posting)], ZERO)
        what = day.isoformat()
        yield Obligation(unit.id, given.slug, what, day, state, entry, points, kind=kind, on=on)

    return of_unit


_OF_KIND: dict[str, Callable[[Compilation], _Obligations]] = {
    "due": _reports,
    "quota": _quotas,
    "milestone": _milestones,
}
"""By kind of clause, the function that gives what a unit owes under a clause."""
