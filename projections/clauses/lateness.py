"""Monthly reports that are due, each with the last day on which it is late and not yet missing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from projections.calendar import months_of, next_month_end, quarter_end, quarter_of

if TYPE_CHECKING:
    from datetime import date


class Due(NamedTuple):
    """A month whose report is due."""

    month: str
    """YYYY-MM."""
    on: date
    """The month's last day."""
    late_until: date | None
    """The last day on which the report is late; None if it is never missing."""
    quarter: int


@cache
def months_due(year: int, through: date, reading: str) -> tuple[Due, ...]:
    """Return the months of an assessment year whose reports are due by the close of a day.

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
    """Return the last day on which a report is late; None if it is never missing.

    Args:
        due: the day that the report was due.
        reading: the value in force of the reading `late_until`.
    """
    match reading:
        case "month_end":
            return next_month_end(due)
        case "quarter_end":
            return quarter_end(due)
        case _:
            return None
