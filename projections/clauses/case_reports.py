"""Monthly case reports (信访事项办理情况月报), 三（一）1（2）: two handled cases a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import months_of, quarter_of
from projections.clauses.lateness import in_by_the_limit
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "case-reports"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each month that is over: so many cases short, so many points."""
    owed = rulebook.amount(CLAUSE, "cases owed a month")
    each = rulebook.amount(CLAUSE, "case short")
    assert owed.count is not None
    for month, due in months_of(town.year):
        if due > town.through:
            continue
        reports = [
            report
            for report in unit.case_reports.get(month, [])
            if in_by_the_limit(report.submitted_on, due, town)
        ]
        accepted = sum([report.cases for report in reports])
        entries = tuple([report.id for report in reports])
        short = owed.count - accepted
        if short > 0:
            words = Working(
                "{} × {}: {} had {} of {} cases", (short, each.value, month, accepted, owed.count)
            )
            yield Posting(CLAUSE, quarter_of(due), short * each.value, entries, words, (owed, each))
        else:
            words = Working("{} had {} cases, {} owed", (month, accepted, owed.count))
            yield Posting(CLAUSE, quarter_of(due), ZERO, entries, words, (owed,))
