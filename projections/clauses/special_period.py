"""Special periods (特护期非访控制), 三（三）1（1）: a reward for each clean unit at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause

_WATCHED = {"district": ("district", "town")}
"""全区特护期: 到区、镇; every other period watches its own level."""


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Compile the clause: one posting for each special period that has ended (points)."""
    amount_at = clause.lookup("clean special period", "level")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        batches = [*unit.earlier_batches, *[visit.batch for visit in unit.liable]]
        for period in town.periods:
            levels = _WATCHED.get(period.level, (period.level,))
            spoilt = tuple(
                [
                    batch.id
                    for batch in batches
                    if batch.abnormal
                    and batch.level in levels
                    and period.starts_on <= batch.occurred_at.date() <= period.ends_on
                ]
            )
            quarter = quarter_of(period.ends_on)
            entries = (period.id, *spoilt)
            when = (period.level, period.starts_on, period.ends_on)
            if spoilt:
                words = Working("{} period {} to {}: an abnormal batch", when)
                yield Posting(clause.slug, quarter, ZERO, entries, words)
            else:
                amount = amount_at(period.level)
                words = Working("{} period {} to {}: no abnormal batch", when)
                yield Posting(clause.slug, quarter, amount.value, entries, words, (amount,))

    return judge
