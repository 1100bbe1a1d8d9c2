"""Yellow cards (黄牌警告), 三（三）2: penalty points for each."""

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
    """Return the judge, which yields one posting (points) for each yellow card."""
    amount = clause.amount_for("yellow card")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        for card in unit.yellow_cards:
            words = Working("yellow card on {}", (card.issued_on,))
            quarter = quarter_of(card.issued_on)
            yield Posting(clause.slug, quarter, amount.value, (card.id,), words, (amount,))

    return judge
