"""Yellow cards (黄牌警告), 三（三）2: a penalty each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "yellow-card"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each yellow card (points)."""
    amount = rulebook.amount(CLAUSE, "yellow card")
    for card in unit.yellow_cards:
        words = Working("yellow card on {}", (card.issued_on,))
        quarter = quarter_of(card.issued_on)
        yield Posting(CLAUSE, quarter, amount.value, (card.id,), words, (amount,))
