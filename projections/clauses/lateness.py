"""Due dates of monthly reports, and the day after which a late report counts as missing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from projections.calendar import months_of, next_month_end, quarter_end, quarter_of

if TYPE_CHECKING:
    from datetime import date


class Due(NamedTuple):
    """Due date of the report for one month or notice."""

    month: str
    """YYYY-MM; empty for a notice."""
    on: date
    """The last day on which the report is in time: the month's last day for a monthly report."""
    late_until: date | None
    """The last day on which the report counts as late; None if it never counts as missing."""
    quarter: int
    """1 to 4: the quarter of the due date."""


@cache
def months_due(year: int, through: date, reading: str) -> tuple[Due, ...]:
    """Return the months of an assessment year whose due date is on or before a day.

    Args:
        year: the assessment year.
        through: the day.
        reading: the value in force of the reading `late_until`.
    """
    return tuple(
        Due(month, due, late_until(due, reading), quarter_of(due))
        for month, due in months_of(year)
        if due <= through
    )


def late_until(due: date, reading: str) -> date | None:
    """Return the last day on which a report counts as late; None if it never counts as missing.

    Args:
        due: the due date.
        reading: the value in force of the reading `late_until`.
    """
    match reading:
        case "month_end":
            return next_month_end(due)
        case "quarter_end":
            return quarter_end(due)
        case _:
            return None
