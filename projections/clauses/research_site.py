"""Sites shown to visiting officials (信访调研现场), 三（三）1（3）: reward points by level."""

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
    """Return the judge, which yields one posting (points) for each site provided."""
    amount_at = clause.lookup("research site", "level")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        for site in unit.research_sites:
            amount = amount_at(site.level)
            words = Working("site for a visit of {} on {}", (site.level, site.held_on))
            quarter = quarter_of(site.held_on)
            yield Posting(clause.slug, quarter, amount.value, (site.id,), words, (amount,))

    return judge
