"""Sites for visits from above (信访调研现场), 三（三）1（3）: a reward each, by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "research-site"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each site provided (points)."""
    for site in unit.research_sites:
        amount = rulebook.amount(CLAUSE, "research site", level=site.level)
        words = Working("site for a visit of {} on {}", (site.level, site.held_on))
        quarter = quarter_of(site.held_on)
        yield Posting(CLAUSE, quarter, amount.value, (site.id,), words, (amount,))
