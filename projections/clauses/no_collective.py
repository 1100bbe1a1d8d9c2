"""No collective batch in the whole year (集访控制), 三（三）1（5）: reward points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for the year once it is over.

    Only batches that the unit is liable for count; those it is the host unit of do not.
    """
    amount = clause.amount_for("year without a collective batch")
    words = Working("no collective batch in the year")
    reward = Posting(clause.slug, None, amount.value, (), words, (amount,))
    least_headcount = int(readings["collective_from"])

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        if not town.closed:
            return
        batches = [visit.batch for visit in unit.liable]
        collective = tuple([batch.id for batch in batches if batch.headcount >= least_headcount])
        if collective:
            words = Working("{} collective batches in the year", (len(collective),))
            yield Posting(clause.slug, None, ZERO, collective, words)
        else:
            yield reward

    return judge
