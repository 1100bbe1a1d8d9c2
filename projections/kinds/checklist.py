"""Kind `checklist`: what an inspection finds missing costs points, each or once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from projections.kinds.cases import field_reader
from projections.measure.model import MeasureData
from projections.postings import ClauseResult, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Compilation, Coverage, Judge
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that is a finding of the check."""
    missing: str = "missing"
    """Its number of what is missing, or a yes-or-no field that says whether anything is."""
    expected: bool = False
    """Whether a unit without a finding is listed as not inspected once the year is over."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"missing": "points"}


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    return {"missing": {}}


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each check of a unit."""
    slug, parameters = given.slug, given.clause.parameters
    table = given.amounts("missing")
    read = field_reader(given.measure, parameters.entry, parameters.missing)
    assert read is not None

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        occurrences = unit.charged(parameters.entry)
        for one in occurrences:
            found, each = read(one.entry), table.one({"day": one.day})
            missing = int(found or 0)
            points = each.points * Decimal(missing)
            words = Working("{} × {}: missing on {}", (missing, each.value, one.day))
            if not missing:
                words = Working("nothing missing on {}", (one.day,))
            if found is None:
                words = Working("what is missing on {} is not recorded", (one.day,))
                yield OpenPoint("incomplete", one.entry.id, slug, one.period)
            yield Posting(slug, one.period, points, (one.entry.id,), words, (each.amount,))
        if parameters.expected and not occurrences and town.closed and unit.assesses(town.last):
            yield OpenPoint("not_inspected", None, slug)

    return judge
