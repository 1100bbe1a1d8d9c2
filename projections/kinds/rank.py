"""Kind `rank`: points by place among units, once all other points are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.kinds.compiling import Compilation
from projections.measure.model import MeasureData
from projections.places import places
from projections.postings import Posting, Working

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Judge
    from projections.measure.measure import Measure
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    by: str = "total"
    """Figure that units are ranked by: `total`, or the slug of a section of the year."""
    ascending: bool = False
    """Whether the smallest comes first."""
    without: list[str] = []
    """Flags whose units have no place; the others are counted without them."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"place": "points"}


NAMES = {"place": ()}


def compile_clause(given: Compilation) -> Judge:
    """Return a judge without results: places are known only once all units are scored."""

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        return iter(())

    return judge


def place_postings(
    clause: Clause,
    measure: Measure,
    readings: Mapping[str, str],
    values: Mapping[str, Decimal],
    behind: Container[str],
    day: date,
) -> dict[str, Posting]:
    """Return the posting of each unit that a clause of this kind gives points.

    Args:
        clause: the clause.
        measure: its measure.
        readings: the value in force of every reading.
        values: by unit id, what it is ranked by; ties share a place (1, 2, 2, 4).
        behind: the units that rank behind all others: the first from the smallest.
        day: the last day of the year.
    """
    table = Compilation(clause, readings, measure).amounts("place")
    found: dict[str, Posting] = {}
    keys = {unit: (unit not in behind, value) for unit, value in values.items()}
    place_of = places(sorted(keys.values(), reverse=not clause.parameters.ascending))
    for unit, value in values.items():
        place = place_of[keys[unit]]
        amount, _ = table.find({"place": place, "day": day})
        if amount is not None and amount.value is not None:
            words = Working("place {} with {}", (place, value))
            if clause.parameters.ascending:
                words = Working("place {} from the smallest, with {}", (place, value))
            found[unit] = Posting(clause.slug, None, amount.value, (), words, (amount.amount,))
    return found
