"""Name the entries for which a measure states no amount, so that a person can correct them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ledger.message import Bilingual, Message, Series
from projections.facts import BATCH
from projections.judging import compiled
from projections.kinds.describing import field_title
from projections.measure.amounts import NoAmountError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.entries import Entry
    from projections.facts import Occurrence, TownYear, UnitYear
    from projections.measure import Measure

_NAMED = 10
"""Entries that a message names, at most."""

_WORDS = {"day": Message("day"), "headcount": Message("headcount")}


def named(error: NoAmountError, units: Iterable[UnitYear], town: TownYear) -> NoAmountError:
    """Return an error that names clause, entries, values in the measure's words, and what to do.

    Args:
        error: what a clause raised.
        units: the facts of the units that were scored.
        town: the facts that all units share.
    """
    found = {
        one.entry.id: (one, raised) for unit in units for one, raised in _of(error, unit, town)
    }
    first = next(iter(found.values()), None)
    entry, case = (None, error.case) if first is None else (first[0].entry, first[1].case)
    clause = town.measure.clauses[error.slug]
    words = Series(_words(case, entry, town.measure))
    what = Message(
        "clause {citation} ({slug}) of the measure of {year} states no amount of “{of}” for {case}",
        citation=clause.citation,
        slug=error.slug,
        year=town.year,
        of=error.of,
        case=words,
    )
    if error.found:
        what = Message(
            "clause {citation} ({slug}) of the measure of {year} states {found} amounts of “{of}” "
            "for {case}",
            citation=clause.citation,
            slug=error.slug,
            year=town.year,
            found=error.found,
            of=error.of,
            case=words,
        )
    if entry is None:
        told = Message(
            "{what}; adopt a measure for {year} that states one (`tally measure adopt`)",
            what=what,
            year=town.year,
        )
    else:
        ids = list(found)
        told = Message(
            "{what}: {entries}; correct it (`tally correct {id}`) or take it back (`tally reverse "
            "{id}`), or adopt a measure for {year} that states one amount (`tally measure adopt`)",
            what=what,
            entries=Series([*ids[:_NAMED], *(["…"] if len(ids) > _NAMED else [])]),
            id=entry.id,
            year=town.year,
        )
    return error.told(told)


def _of(
    error: NoAmountError, unit: UnitYear, town: TownYear
) -> Iterator[tuple[Occurrence, NoAmountError]]:
    """Yield the occurrences of a unit each of which alone raises an error of the same clause.

    None if the clause raises one without any, as one on reports that are owed.
    """
    clauses = compiled(town.measure, tuple(town.readings.items()))
    judge = next(one.judge for one in clauses if one.slug == error.slug)

    def raised_by(*alone: tuple[str, Occurrence]) -> NoAmountError | None:
        found = defaultdict(list, {kind: [one] for kind, one in alone})
        liable = [one for kind, one in alone if kind == BATCH and one.role != "host"]
        try:
            for _ in judge(replace(unit, occurrences=found, liable=liable), town):
                pass
        except NoAmountError as raised:
            return raised
        return None

    if raised_by() is not None:
        return
    for kind, occurrences in unit.occurrences.items():
        for one in occurrences:
            raised = raised_by((kind, one))
            if raised is not None:
                yield one, raised


def _words(case: Mapping[str, Any], entry: Entry | None, measure: Measure) -> Iterator[Message]:
    """Yield the names and values of a case: those of the entry, in the words of its fields."""
    fields = {} if entry is None else measure.fields(entry.KIND)
    for name, given in case.items():
        value, title = given, _WORDS.get(name, name)
        if entry is not None and name in fields:
            title = field_title(entry.KIND, name, fields)
            value = given if entry.of_field(name) is None else entry.of_field(name)
            text, field = str(value), fields[name]
            if field.choices:
                value = Bilingual(field.english.get(text, text), field.words.get(text, text))
        if isinstance(value, bool):
            value = Message("yes") if value else Message("no")
        if value is None:
            value = Message("not recorded")
        yield Message("{name} {value}", name=title, value=value)
