"""Kind `flag`: entries of a sort set a flag on the unit."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Any

from projections.kinds.cases import CaseReader, field_reader, nothing, total_of
from projections.kinds.describing import entry_words, field_title
from projections.known import Known
from projections.measure.model import MeasureData
from projections.postings import ClauseResult, Deferred, Flag, OpenPoint, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Compilation, Judge
    from projections.measure.amounts import Found
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that sets the flag."""
    of: str = "flag"
    """The `of` of the amounts that say which flag, for which case."""
    total: str | None = None
    """A number of the entry that is added up over the year; amounts ask for `total`."""
    undetermined: str | None = None
    """The `of` of amounts for cases that are listed as undetermined instead."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    given: Parameters = clause.parameters
    return {given.of: "flag", **({given.undetermined: "flag"} if given.undetermined else {})}


def cases_of(clause: Clause, of: str) -> tuple[str, ...]:
    """Return the kinds of entries by whose fields the amounts of one `of` are chosen."""
    return () if clause.parameters.total else (clause.parameters.entry,)


NAMES = {"total": ()}


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields a flag for each entry that has the effect.

    Of a batch the liable unit gets it, not the host unit.
    """
    parameters: Parameters = given.clause.parameters
    slug, kind = given.slug, parameters.entry
    table = given.amounts(parameters.of)
    opening = given.amounts(parameters.undetermined or "")
    reader, fields = CaseReader(given, kind, [table, opening]), given.measure.fields(kind)

    title = field_title(kind, parameters.total, fields) if parameters.total else ""
    number = field_reader(given.measure, kind, parameters.total or "") or nothing

    def effect(key: tuple[Any, ...]) -> tuple[Found | None, bool] | None:
        case = reader.case(key)
        found, is_open = table.find(case)[0], opening.find(case)[0] is not None
        return (found, is_open) if is_open or found is not None else None

    effect_of = Known(effect).__getitem__

    def of_total(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        occurrences = unit.charged(kind)
        total = 0
        since: dict[str, int | None] = {}
        found, _ = table.find({"total": total, "day": town.last})
        for one in occurrences:
            total += number(one.entry) or 0
            found, _ = table.find({"total": total, "day": town.last})
            if found is not None and found.amount.flag is not None:
                since.setdefault(found.amount.flag, one.period)
        for name in total_of(number, [one.entry for one in occurrences])[1]:
            yield OpenPoint("incomplete", name, slug)
        if found is not None and found.amount.flag is not None:
            flag = found.amount.flag
            entries = tuple([one.entry.id for one in occurrences if number(one.entry)])
            words = Working("{}: {} in the year", (title, total))
            yield Flag(flag, slug, since.get(flag), entries, words, (found.amount,))

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        if parameters.total is not None:
            yield from of_total(unit, town)
            return
        occurrences = unit.charged(kind)
        effects = list(map(effect_of, reader.keys(occurrences)))
        # Few entries have an effect.
        with_effect = compress(zip(occurrences, effects, strict=True), effects)
        for one, of_case in with_effect:
            assert of_case is not None
            found, is_open = of_case
            if found is not None:
                flag = found.amount.flag
                assert flag is not None
                entry, words = one.entry, Deferred(entry_words, (one.entry, fields))
                yield Flag(flag, slug, one.period, (entry.id,), words, (found.amount,))
            if is_open:
                yield OpenPoint("undetermined", one.entry.id, slug, one.period)

    return judge
