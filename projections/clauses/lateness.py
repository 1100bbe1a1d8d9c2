"""Until when a report that was not in by its due date is late, and after that missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.calendar import next_month_end, quarter_end

if TYPE_CHECKING:
    from datetime import date

    from projections.facts import TownYear


def late_until(due: date, town: TownYear) -> date | None:
    """The last day on which a report is late rather than missing; None: late for ever."""
    match town.readings["late_until"]:
        case "month_end":
            return next_month_end(due)
        case "quarter_end":
            return quarter_end(due)
        case _:
            return None


def in_by_the_limit(submitted: date, due: date, town: TownYear) -> bool:
    """Whether a report came in by the due date or while it was still late."""
    if submitted <= due:
        return True
    limit = late_until(due, town)
    return limit is None or submitted <= limit
