"""Kind `milestone`: something is done by a day; each month or day later costs points."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from projections.facts import Occurrence
from projections.kinds.cases import CaseReader
from projections.kinds.compiling import Compilation, Where
from projections.kinds.due import times_late
from projections.measure.model import MeasureData
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Judge
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that says that it was done; the earliest counts."""
    by: str
    """Month and day of the last day in time: 07-31."""
    where: list[Where] = []
    """Conditions that an entry fulfils if it counts."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"done": "points", "late": "points"}


NAMES = {"state": ("late", "missing")}
TIMES = {"late": ("days_late", "months_late")}


def owed_by(
    given: Compilation,
) -> Callable[[UnitYear, TownYear], tuple[date, Occurrence | None] | None]:
    """Return the function that gives the day by which a unit owes it, and the earliest entry.

    None for a unit of which nothing is owed: one that is not assessed on the day.
    """
    parameters: Parameters = given.clause.parameters
    reader = CaseReader(given, parameters.entry, where=parameters.where)
    is_own = parameters.entry in given.measure.kinds()

    def owed(unit: UnitYear, town: TownYear) -> tuple[date, Occurrence | None] | None:
        due = town.calendar.day_in(town.year, parameters.by)
        if not unit.assesses(due) or due < town.first:
            return None
        found: Sequence[Occurrence] = unit.charged(parameters.entry)
        if is_own:
            # Also what it did on a day of the year on which it was not assessed.
            span = town.calendar.span(town.year)
            done = [(one, one.day()) for one in unit.submitted[parameters.entry]]
            found = [Occurrence(one, day, None) for one, day in done if day and day in span]
        counted = reader.counted(found)
        return due, counted[0] if counted else None

    return owed


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) once the day has come, or it was done.

    `done` is given for what was done in time, `late` otherwise, times the months or days until it
    was done, or until now. An amount of `late` may ask for the `state`: late, or missing while it
    is not done.
    """
    slug, calendar, owed_of = given.slug, given.measure.calendar, owed_by(given)
    in_time, table = given.amounts("done"), given.amounts("late")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        owed = owed_of(unit, town)
        if owed is None:
            return
        due, first = owed
        entries = () if first is None else (first.entry.id,)
        period = calendar.period_of(due)
        if first is not None and first.day <= due:
            done, _ = in_time.find({"day": due})
            points = ZERO if done is None else done.points
            words = Working("done on {}, due {}", (first.day, due))
            yield Posting(slug, period, points, entries, words, (done.amount,) if done else ())
        elif due < town.through or (due == town.through and first is None):
            state = "missing" if first is None else "late"
            late, _ = table.find({"state": state, "day": due})
            until = min(town.through, town.last, unit.last) if first is None else first.day
            words = Working("not done by {}", (due,))
            if first is not None:
                words = Working("done on {}, due {}", (first.day, due))
            if late is None:
                yield Posting(slug, period, ZERO, entries, words)
                return
            number = 1
            if late.amount.times is not None:
                number = times_late(late.amount, due, until)
            points = late.points * Decimal(number)
            words = Working("{} × {}: {}", (number, late.value, words))
            yield Posting(slug, period, points, entries, words, (late.amount,))

    return judge
