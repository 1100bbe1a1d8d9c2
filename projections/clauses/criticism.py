"""Criticism (通报批评), 三（三）2: penalty points by issuer; a veto (一票否决) by the province."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import ZERO, Flag, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for each criticism.

    A criticism by the province also yields the flag `vetoed`, and its posting has 0 points.
    """
    amount_by = clause.lookup("criticism", "issuer")
    slug = clause.slug

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting | Flag]:
        for criticism in unit.criticisms:
            amount = amount_by(criticism.issuer)
            quarter = quarter_of(criticism.issued_on)
            words = Working("criticised by {} on {}", (criticism.issuer, criticism.issued_on))
            if amount.flag is not None:
                yield Flag(amount.flag, slug, quarter, (criticism.id,), words, (amount,))
                words = Working("{}: {}, the score is kept", (words, amount.flag))
                yield Posting(slug, quarter, ZERO, (criticism.id,), words, (amount,))
            else:
                yield Posting(slug, quarter, amount.value, (criticism.id,), words, (amount,))

    return judge
