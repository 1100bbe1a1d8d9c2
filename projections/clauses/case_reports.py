"""Monthly case reports (信访事项办理情况月报), 三（一）1（2）: points per case short of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.clauses.lateness import months_due
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for each month that is over.

    A month costs points for each case that its reports are short of. Reports submitted after the
    last day for late ones (reading `late_until`) do not count.
    """
    slug, reading = clause.slug, readings["late_until"]
    owed, each = clause.amount_for("cases owed a month"), clause.amount_for("case short")
    count, points = owed.count, each.value
    assert count is not None

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        for month, _, limit, quarter in months_due(town.year, town.through, reading):
            reports = [
                report
                for report in unit.case_reports.get(month, ())
                if limit is None or report.submitted_on <= limit
            ]
            accepted = sum([report.cases for report in reports])
            entries = tuple([report.id for report in reports])
            short = count - accepted
            if short > 0:
                words = Working(
                    "{} × {}: {} had {} of {} cases", (short, points, month, accepted, count)
                )
                yield Posting(slug, quarter, short * points, entries, words, (owed, each))
            else:
                words = Working("{} had {} cases, {} owed", (month, accepted, count))
                yield Posting(slug, quarter, ZERO, entries, words, (owed,))

    return judge
