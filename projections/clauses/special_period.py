"""Special periods (特护期非访控制), 三（三）1（1）: reward points for units without a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause

_RELEVANT_LEVELS = {"district": ("district", "town")}
"""Levels whose batches count: 到区、镇 for 全区特护期; for other periods, the period's own."""


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for each special period that has ended.

    A period earns 0 points if the unit is liable for an abnormal batch in it, both days included.
    """
    amount_at = clause.lookup("clean special period", "level")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        batches = [*unit.earlier_batches, *[visit.batch for visit in unit.liable]]
        for period in town.periods:
            levels = _RELEVANT_LEVELS.get(period.level, (period.level,))
            abnormal_batches = tuple(
                [
                    batch.id
                    for batch in batches
                    if batch.abnormal
                    and batch.level in levels
                    and period.starts_on <= batch.occurred_at.date() <= period.ends_on
                ]
            )
            quarter = quarter_of(period.ends_on)
            entries = (period.id, *abnormal_batches)
            when = (period.level, period.starts_on, period.ends_on)
            if abnormal_batches:
                words = Working("{} period {} to {}: an abnormal batch", when)
                yield Posting(clause.slug, quarter, ZERO, entries, words)
            else:
                amount = amount_at(period.level)
                words = Working("{} period {} to {}: no abnormal batch", when)
                yield Posting(clause.slug, quarter, amount.value, entries, words, (amount,))

    return judge
