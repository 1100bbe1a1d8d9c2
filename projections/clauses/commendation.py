"""Commendations (通报表扬), 三（三）1（2）: a reward each, by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "commendation"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each commendation (points)."""
    for given in unit.commendations:
        amount = rulebook.amount(CLAUSE, "commendation", level=given.level)
        words = Working("commended by {} on {}", (given.level, given.issued_on))
        quarter = quarter_of(given.issued_on)
        yield Posting(CLAUSE, quarter, amount.value, (given.id,), words, (amount,))
