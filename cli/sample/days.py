"""Days and times of assessment year 2016, and the types of the sample."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

Entry = dict[str, object]
Filed = tuple[date, Entry]
"""An entry with the day on which the office files it; the year is sorted by these days."""

YEAR: Final = 2016
FIRST: Final = date(2015, 12, 1)
LAST: Final = date(2016, 11, 30)
DAYS: Final = (LAST - FIRST).days + 1

LEVELS: Final = ("national", "province", "city", "district", "town")

MONTHS: Final = ("2015-12", *(f"2016-{month:02d}" for month in range(1, 12)))


def month_end(month: str) -> date:
    """Return the last day of a month written `2016-03`."""
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def late_until(due_on: date) -> date:
    """Return the month-end after a due date; a report by then is late, not missing."""
    return month_end(f"{due_on + timedelta(days=1):%Y-%m}")


def fridays() -> tuple[date, ...]:
    """Return the days of the weekly reports."""
    first = FIRST + timedelta(days=(4 - FIRST.weekday()) % 7)
    return tuple(first + timedelta(weeks=week) for week in range((LAST - first).days // 7 + 1))


def later(rng: Random, day: date, least: int, most: int) -> date:
    """Return a day `least` to `most` days after `day`."""
    return day + timedelta(days=least + rng.randrange(most - least + 1))


def moment(rng: Random, day: date) -> datetime:
    """Return a time between 8:00 and 16:55 on a day, at full five minutes."""
    return datetime.combine(day, time(8)) + timedelta(minutes=5 * rng.randrange(108))


def chance(rng: Random, percent: int) -> bool:
    """Return True with a probability of `percent` in a hundred."""
    return rng.randrange(100) < percent
