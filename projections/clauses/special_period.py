"""Special periods (特护期非访控制), 三（三）1（1）: a reward for each clean unit at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "special-period"

_WATCHED = {"district": ("district", "town")}
"""全区特护期: 到区、镇; every other period watches its own level."""


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each special period that has ended (points)."""
    for period in town.periods:
        levels = _WATCHED.get(period.level, (period.level,))
        spoilt = tuple(
            batch.id
            for batch in (*unit.earlier_batches, *unit.batches)
            if batch.abnormal
            and batch.level in levels
            and period.starts_on <= batch.occurred_at.date() <= period.ends_on
        )
        quarter = quarter_of(period.ends_on)
        entries = (period.id, *spoilt)
        when = (period.level, period.starts_on, period.ends_on)
        if spoilt:
            words = Working("{} period {} to {}: an abnormal batch", when)
            yield Posting(CLAUSE, quarter, ZERO, entries, words)
        else:
            amount = rulebook.amount(CLAUSE, "clean special period", level=period.level)
            words = Working("{} period {} to {}: no abnormal batch", when)
            yield Posting(CLAUSE, quarter, amount.value, entries, words, (amount,))
