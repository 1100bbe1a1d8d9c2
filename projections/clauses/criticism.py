"""Criticism (通报批评), 三（三）2: points by issuer, and a veto (一票否决) by the province."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import ZERO, Flag, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "criticism"


def judge(
    unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str
) -> Iterator[Posting | Flag]:
    """One posting for each criticism (points); the province's costs no points but is a veto."""
    for given in unit.criticisms:
        amount = rulebook.amount(CLAUSE, "criticism", issuer=given.issuer)
        quarter = quarter_of(given.issued_on)
        words = Working("criticised by {} on {}", (given.issuer, given.issued_on))
        if amount.flag is not None:
            yield Flag(amount.flag, CLAUSE, quarter, (given.id,), words, (amount,))
            words = Working("{}: {}, the score is kept", (words, amount.flag))
            yield Posting(CLAUSE, quarter, ZERO, (given.id,), words, (amount,))
        else:
            yield Posting(CLAUSE, quarter, amount.value, (given.id,), words, (amount,))
