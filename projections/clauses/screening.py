"""Dispute screening (矛盾纠纷排查), 三（一）1（1）: points for late and missing reports.

Every unit owes one report a month; the units that a notice names owe one more for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.clauses.lateness import Due, late_until, months_due
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.entries import ScreeningReport
    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points; 0 if in time) for each report due."""
    slug, reading = clause.slug, readings["late_until"]
    late = clause.amount_for("screening report", state="late")
    missing = clause.amount_for("screening report", state="missing")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        for due in months_due(town.year, town.through, reading):
            yield posting(due.month, due, unit.screening.get(due.month, ()), town, ())
        for notice, units in town.notices:
            if units is None or unit.id in units:
                day = notice.due_on
                due = Due("", day, late_until(day, reading), quarter_of(day))
                owed = Working("notice {}", (notice.id,))
                yield posting(owed, due, unit.on_notice.get(notice.id, ()), town, (notice.id,))

    def posting(
        owed: str | Working,
        due: Due,
        reports: Sequence[ScreeningReport],
        town: TownYear,
        notice_ids: tuple[str, ...],
    ) -> Posting:
        _, day, limit, quarter = due
        submitted = reports[0].submitted_on if reports else None
        entries = (*notice_ids, reports[0].id) if reports else notice_ids
        if submitted is not None and submitted <= day:
            words = Working("{}: in on {}, due {}", (owed, submitted, day))
            return Posting(slug, quarter, ZERO, entries, words)
        if submitted is not None and (limit is None or submitted <= limit):
            amount, words = late, Working("{}: late, in on {}, due {}", (owed, submitted, day))
        elif limit is None or town.through < limit:
            amount = late
            words = Working("{}: not in yet, due {}, still owed on {}", (owed, day, town.through))
        else:
            amount, words = (
                missing,
                Working("{}: missing, due {}, not in by {}", (owed, day, limit)),
            )
        return Posting(slug, quarter, amount.value, entries, words, (amount,))

    return judge
