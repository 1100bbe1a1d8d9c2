"""Warn of entries that a measure accepts and its clauses do not count."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ledger.entries import Unit
from ledger.message import Message, Series
from projections.kinds.due import name_field, names_about, names_owed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import Entry
    from projections.measure.measure import Measure

_SHOWN = 12
"""Names of reports that a warning lists, at most."""


def warnings(entry: Entry, measure: Measure) -> Iterator[Message]:
    """Yield what the clauses of a measure make less of than whoever records it may expect."""
    if isinstance(entry, Unit):
        yield from _without_group(entry, measure)
        return
    day = entry.day()
    if day is not None:
        yield from _not_owed(entry, measure, measure.year_of(day))


def _without_group(unit: Unit, measure: Measure) -> Iterator[Message]:
    """Yield that clauses for groups are not for a unit without one."""
    if unit.group is not None or unit.type not in measure.unit_types():
        return
    slugs = [
        one.slug
        for one in measure.clauses.values()
        if one.applies_to is not None and one.applies_to.group is not None
        if one.applies_to.type is None or unit.type in one.applies_to.type
    ]
    if slugs:
        yield Message(
            "{id}: has no group, and clauses of the measure are for groups alone: {slugs}; "
            "groups are {groups}",
            id=unit.id,
            slugs=Series(slugs),
            groups=Series(one.value for one in measure.units.group),
        )


def _not_owed(entry: Entry, measure: Measure, year: int) -> Iterator[Message]:
    """Yield that no report is owed for what an entry says that it is for."""
    given = next(
        (
            one.parameters
            for one in measure.clauses.values()
            if one.kind == "due" and one.parameters.entry == entry.KIND
        ),
        None,
    )
    field = None if given is None else name_field(given)
    value = None if field is None else entry.of_field(field)
    known = None if value is None else names_about(measure, entry.KIND, year)
    if known is None or str(value) in known:
        return
    names = sorted(names_owed(measure, entry.KIND, year) or ())
    if len(names) > _SHOWN:
        names = sorted(get_close_matches(str(value), names, n=_SHOWN // 2, cutoff=0))
    yield Message(
        "{id}: no report is owed for {field} {value}, and it counts nowhere; owed are {names}",
        id=entry.id,
        field=field,
        value=value,
        names=Series(names),
    )
