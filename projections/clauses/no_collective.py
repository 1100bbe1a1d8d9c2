"""No collective batch in the whole year (集访控制), 三（三）1（5）: a reward on the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "no-collective"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting on the year, once it is over (points)."""
    if not town.closed:
        return
    collective = tuple(
        batch.id for batch in unit.batches if batch.headcount >= town.collective_from
    )
    if collective:
        words = Working("{} collective batches in the year", (len(collective),))
        yield Posting(CLAUSE, None, ZERO, collective, words)
    else:
        amount = rulebook.amount(CLAUSE, "year without a collective batch")
        words = Working("no collective batch in the year")
        yield Posting(CLAUSE, None, amount.value, (), words, (amount,))
