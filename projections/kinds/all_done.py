"""Kind `all_done`: points if everything that fell due was done in time.

A case is rewarded if it and all other cases of its group were done by their due dates
(到期化解率达到100%).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ledger.entries import SupervisedCase
from ledger.message import Series
from projections.kinds.cases import CaseReader
from projections.kinds.compiling import closed_spans
from projections.measure.model import ByReading, MeasureData
from projections.postings import ZERO, Posting, Working

_Group = tuple[int | None, str]
"""A period, or the year (None), and perhaps a level."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import Occurrence, TownYear, UnitYear
    from projections.kinds.compiling import Compilation, Coverage, Judge
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that falls due; it is dated by its due date."""
    done_by: str
    """The kind of entry that says that it was done; it refers to the first."""
    over: Literal["quarter", "period", "year", "level"] | ByReading = "period"
    """The group that must be done whole: all due in a period, in the year, or of one level in a
    period."""
    award: Literal["each", "once"] = "each"
    """Whether each earns the points, or the group once."""
    none_due: bool = False
    """With `once`: whether a year or period in which nothing fell due earns the points too."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"done": "points", "not_done": "points"}


def cases_of(clause: Clause, of: str) -> tuple[str, ...]:
    """Return the kinds of entries by whose fields the amounts of one `of` are chosen."""
    given: Parameters = clause.parameters
    return (given.entry,) if of == "done" and given.award == "each" else ()


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    return {"done": {}}


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each case that fell due."""
    slug, parameters = given.slug, given.clause.parameters
    kind, over = parameters.entry, given.resolved(parameters.over)
    table, of_undone = given.amounts("done"), given.amounts("not_done")
    reader = CaseReader(given, kind, [table])
    # A supervised case is resolved (化解), as its clause says; anything else is done.
    is_case = kind == SupervisedCase.KIND

    calendar = given.measure.calendar
    by_year = over == "year" or not calendar.count

    def group_of(one: Occurrence) -> _Group:
        return (None if by_year else one.period), one.entry.level if over == "level" else ""

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        groups: dict[_Group, list[Occurrence]] = {}
        for one in unit.charged(kind):
            groups.setdefault(group_of(one), []).append(one)
        done_of = {one.entry.id: _done(one, town) for one in unit.charged(kind)}
        undone = {
            key: [one.entry.id for one in group if done_of[one.entry.id] is None]
            for key, group in groups.items()
        }
        if parameters.award == "once":
            yield from of_groups(groups, undone, unit, town)
            return
        for one in unit.charged(kind):
            key = group_of(one)
            done = done_of[one.entry.id]
            entries = (one.entry.id,) if done is None else (one.entry.id, done.id)
            period = one.period
            if done is None:
                words = Working("not done by {}", (one.day,))
                if is_case:
                    words = Working("not resolved by {}", (one.day,))
                yield Posting(slug, period, ZERO, entries, words)
            elif undone[key]:
                rest = done.day(), Series(undone[key])
                words = Working("done on {}, but not all that fell due with it were: {}", rest)
                if is_case:
                    words = Working(
                        "resolved on {}, but not all that fell due with it were: {}", rest
                    )
                yield Posting(slug, period, ZERO, (*entries, *undone[key]), words)
            else:
                found = table.one(reader.case(*reader.keys([one])))
                many = len(groups[key])
                words = Working(
                    "done on {}, due {}, as were all {} that fell due with it",
                    (done.day(), one.day, many),
                )
                if is_case:
                    words = Working(
                        "{} case resolved on {}, due {}, as were all {} that fell due with it",
                        (one.entry.level, done.day(), one.day, many),
                    )
                points = found.points
                yield Posting(slug, period, points, entries, words, (found.amount,))

    def of_groups(
        groups: dict[_Group, list[Occurrence]],
        undone: dict[_Group, list[str]],
        unit: UnitYear,
        town: TownYear,
    ) -> Iterator[Posting]:
        if not town.closed or not unit.assesses(town.last):
            return
        if parameters.none_due:
            due = {number for number, _ in groups}
            spans = [number for number, *_ in closed_spans(unit, town, of_year=by_year)]
            groups |= {(number, ""): [] for number in spans if number not in due}
        for key, group in groups.items():
            period, last = key[0], town.last
            if period is not None:
                last = calendar.period(town.year, period).last
            elif by_year and given.of_period:
                period = calendar.period_of(last)
            missing = tuple(undone.get(key, ()))
            entries = missing or tuple([one.entry.id for one in group])
            if missing:
                not_done, _ = of_undone.find({"day": last})
                points = ZERO if not_done is None else not_done.points
                read = () if not_done is None else (not_done.amount,)
                words = Working("not done in time: {}", (Series(missing),))
                yield Posting(slug, period, points, entries, words, read)
            else:
                found = table.one({"day": last})
                words = Working("nothing fell due")
                if group:
                    words = Working("all {} that fell due were done in time", (len(group),))
                yield Posting(slug, period, found.points, entries, words, (found.amount,))

    return judge


def _done(one: Occurrence, town: TownYear) -> Any:
    """Return the earliest completion of an entry; None if there is none by the due date."""
    done = town.completions.get(one.entry.id, [])
    day = done[0].day() if done else None
    return done[0] if day is not None and day <= one.day else None
