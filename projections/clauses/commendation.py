"""Commendations (通报表扬), 三（三）1（2）: reward points by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for each commendation."""
    amount_at = clause.lookup("commendation", "level")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        for commendation in unit.commendations:
            amount = amount_at(commendation.level)
            words = Working("commended by {} on {}", (commendation.level, commendation.issued_on))
            quarter = quarter_of(commendation.issued_on)
            yield Posting(clause.slug, quarter, amount.value, (commendation.id,), words, (amount,))

    return judge
