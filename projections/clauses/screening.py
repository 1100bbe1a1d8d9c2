"""Dispute screening (矛盾纠纷排查), 三（一）1（1）: a report a month and one a notice, in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import months_of, quarter_of
from projections.clauses.lateness import in_by_the_limit, late_until
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.entries import ScreeningReport
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "screening"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each report that the unit owed by now: 0, late or missing (points)."""
    for month, due in months_of(town.year):
        if due <= town.through:
            yield _posting(month, due, unit.screening.get(month, []), town, rulebook)
    for notice, units in town.notices:
        if units is None or unit.id in units:
            reports = unit.on_notice.get(notice.id, [])
            owed = Working("notice {}", (notice.id,))
            yield _posting(owed, notice.due_on, reports, town, rulebook, (notice.id,))


def _posting(
    owed: str | Working,
    due: date,
    reports: list[ScreeningReport],
    town: TownYear,
    rulebook: Rulebook,
    asked_by: tuple[str, ...] = (),
) -> Posting:
    quarter = quarter_of(due)
    earliest = reports[0] if reports else None
    entries = asked_by if earliest is None else (*asked_by, earliest.id)
    if earliest is not None and earliest.submitted_on <= due:
        words = Working("{}: in on {}, due {}", (owed, earliest.submitted_on, due))
        return Posting(CLAUSE, quarter, ZERO, entries, words)
    limit = late_until(due, town)
    if earliest is not None and in_by_the_limit(earliest.submitted_on, due, town):
        state = "late"
        words = Working("{}: late, in on {}, due {}", (owed, earliest.submitted_on, due))
    elif limit is None or town.through < limit:
        state = "late"
        words = Working("{}: not in yet, due {}, still owed on {}", (owed, due, town.through))
    else:
        state = "missing"
        words = Working("{}: missing, due {}, not in by {}", (owed, due, limit))
    amount = rulebook.amount(CLAUSE, "screening report", state=state)
    return Posting(CLAUSE, quarter, amount.value, entries, words, (amount,))
