"""The assessment calendar (四.1): year Y runs from (Y-1)-12-01 to Y-11-30."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

QUARTERS = (1, 2, 3, 4)
"""Q1 Dec-Feb, Q2 Mar-May, Q3 Jun-Aug, Q4 Sep-Nov."""

_DECEMBER = 12
_MONTHS_OF_A_QUARTER = 3


def year_of(day: date) -> int:
    """Return the assessment year that a day belongs to."""
    return day.year + (day.month == _DECEMBER)


def quarter_of(day: date) -> int:
    """Return the quarter, 1 to 4, that a day belongs to."""
    return day.month % _DECEMBER // _MONTHS_OF_A_QUARTER + 1


def first_day(year: int) -> date:
    """Return the first day of an assessment year."""
    return date(year - 1, _DECEMBER, 1)


def last_day(year: int) -> date:
    """Return the last day of an assessment year."""
    return date(year, 11, 30)


def quarter_start(year: int, quarter: int) -> date:
    """Return the first day of a quarter."""
    return first_day(year) if quarter == 1 else date(year, _MONTHS_OF_A_QUARTER * (quarter - 1), 1)


def quarter_end(day: date) -> date:
    """Return the last day of the quarter that a day belongs to."""
    year, quarter = year_of(day), quarter_of(day)
    after = first_day(year + 1) if quarter == QUARTERS[-1] else quarter_start(year, quarter + 1)
    return after - timedelta(days=1)


def quarter_name(year: int, quarter: int) -> str:
    """Return a quarter's name as the contract writes it: 2016Q2."""
    return f"{year}Q{quarter}"


@cache
def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@cache
def next_month_end(day: date) -> date:
    """Return the first month-end after a day: 15 March → 31 March → 30 April."""
    end = month_end(day)
    return end if day < end else month_end(day + timedelta(days=1))


@cache
def months_of(year: int) -> tuple[tuple[str, date], ...]:
    """Return the months of an assessment year, each as (YYYY-MM, its last day)."""
    ends = [month_end(date(year - 1, _DECEMBER, 1))]
    ends += [month_end(date(year, month, 1)) for month in range(1, 12)]
    return tuple((f"{end:%Y-%m}", end) for end in ends)
