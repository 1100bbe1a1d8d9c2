"""The last days of months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache


@cache
def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@cache
def next_month_end(day: date) -> date:
    """Return the first month-end after a day: 15 March → 31 March → 30 April."""
    end = month_end(day)
    return end if day < end else month_end(day + timedelta(days=1))


def first_of(month: str) -> date:
    """Return the first day of a month: 2016-03."""
    return date.fromisoformat(f"{month}-01")
