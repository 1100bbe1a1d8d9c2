"""Kind `clean`: points if nothing of a sort happened in a period, the year or a special period."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from ledger.entries import PetitionBatch
from projections.facts import Occurrence
from projections.kinds.cases import CaseReader
from projections.kinds.compiling import Compilation, Where, closed_spans
from projections.kinds.describing import said
from projections.measure.model import ByReading, MeasureData
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import SpecialPeriod
    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Coverage, Judge
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that must not happen; of a batch the liable unit is asked."""
    within: Literal["special_period", "period", "year"]
    """In what it must not happen."""
    where: list[Where] = []
    """Conditions of an entry that is in the way."""
    levels: dict[str, list[str]] = {}
    """By level of a special period, the levels of entries in its way; left out: its own."""
    once: Literal["period", "quarter", "year"] | ByReading = "period"
    """Whether each special period earns points, or those of one level once in a quarter or year."""


def reads(clause: Clause) -> frozenset[str]:
    """Return the kinds of entries that the clause reads."""
    given: Parameters = clause.parameters
    more = {"special_period"} if given.within == "special_period" else set[str]()
    return frozenset({given.entry, *more})


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"clean": "points"}


def cases_of(clause: Clause, of: str) -> tuple[str, ...]:
    """Return the kinds of entries by whose fields the amounts of one `of` are chosen."""
    return ("special_period",) if clause.parameters.within == "special_period" else ()


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    return {"clean": {}}


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each span that is over."""
    slug, parameters = given.slug, given.clause.parameters
    kind, calendar = parameters.entry, given.measure.calendar
    table = given.amounts("clean")
    once = given.resolved(parameters.once)
    reader = CaseReader(given, kind, where=parameters.where)

    def of_spans(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        by_year = parameters.within == "year"
        found = reader.counted(unit.charged(kind))
        for number, first, last in closed_spans(unit, town, of_year=by_year):
            period = calendar.period_of(last) if given.of_period else number
            # What is found is of the year.
            within = found if by_year else [one for one in found if first <= one.day <= last]
            ids = tuple([one.entry.id for one in within])
            if ids:
                words = Working("{} in the way from {} to {}", (len(ids), first, last))
                yield Posting(slug, period, ZERO, ids, words)
            else:
                amount = table.one({"day": last})
                words = Working("none from {} to {}", (first, last))
                yield Posting(slug, period, amount.points, (), words, (amount.amount,))

    def of_special_periods(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        earlier = [Occurrence(entry, entry.day() or date.min, None) for entry in unit.earlier[kind]]
        found = [*earlier, *unit.charged(kind)]
        earned: set[object] = set()
        for span in town.periods:
            if not unit.assesses(span.ends_on):
                continue
            levels = parameters.levels.get(span.level, [span.level])
            within = [
                one
                for one in found
                if span.starts_on <= one.day <= span.ends_on and one.entry.level in levels
            ]
            ids = tuple([one.entry.id for one in reader.counted(within)]) if within else ()
            yield of_special_period(span, ids, earned)

    of_batches = kind == PetitionBatch.KIND

    @cache
    def when_of(span: SpecialPeriod) -> tuple[object, ...]:
        return said(span, "level"), span.starts_on, span.ends_on

    @cache
    def nothing_in(span: SpecialPeriod) -> Posting:
        amount = table.one({"level": span.level, "day": span.ends_on})
        words = Working("{} period {} to {}: nothing happened", when_of(span))
        if of_batches:
            words = Working("{} period {} to {}: no abnormal batch", when_of(span))
        period = calendar.period_of(span.ends_on)
        return Posting(slug, period, amount.points, (span.id,), words, (amount.amount,))

    def of_special_period(
        span: SpecialPeriod, ids: tuple[str, ...], earned: set[object]
    ) -> Posting:
        period, entries = calendar.period_of(span.ends_on), (span.id, *ids)
        if ids:
            words = Working("{} period {} to {}: something happened", when_of(span))
            if of_batches:
                words = Working("{} period {} to {}: an abnormal batch", when_of(span))
            return Posting(slug, period, ZERO, entries, words)
        case = (span.level, period if once == "quarter" else None)
        if once != "period" and case in earned:
            words = Working("{} period {} to {}: rewarded already", when_of(span))
            return Posting(slug, period, ZERO, entries, words)
        earned.add(case)
        return nothing_in(span)

    return of_special_periods if parameters.within == "special_period" else of_spans
