"""The calendar of a measure: its assessment years and their periods."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ledger.calendar import month_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.measure.head import CalendarData, Period
    from projections.measure.model import Words

_ONE_DAY = timedelta(days=1)
_LEAP_YEAR = 2024


class YearPeriod(NamedTuple):
    """A period of one assessment year."""

    number: int
    """Its place in the year, from 1."""
    name: str
    """As the contract writes it: 2016Q2."""
    title: Words
    first: date
    last: date


class YearSpan(NamedTuple):
    """An assessment year with its first and last day."""

    year: int
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        """Return whether a day is in the year."""
        return isinstance(day, date) and self.first <= day <= self.last


class MeasureCalendar:
    """The assessment years of a measure, which may begin on any day."""

    def __init__(self, data: CalendarData, periods: Sequence[Period]) -> None:
        """Use a year's first day and the periods of the measure, in their order."""
        self._starts = _month_and_day(data.starts)
        self._named_after_first = data.named_after == "first" or self._starts == (1, 1)
        self._periods = tuple(periods)
        self.first_day = lru_cache(self._first_day)
        self.last_day = lru_cache(self._last_day)
        self.periods = lru_cache(self._periods_of)
        self.period_of = lru_cache(2048)(self._period_of)
        self.gaps = lru_cache(self._gaps)
        self.months = lru_cache(self._months)
        self.month_spans = lru_cache(self._month_spans)

    @cached_property
    def has_gaps(self) -> bool:
        """Whether a day of some year lies in no period, though there are periods."""
        return any(map(self.gaps, (_LEAP_YEAR, _LEAP_YEAR + 1)))

    @cached_property
    def count(self) -> int:
        """The number of periods in a year."""
        return len(self._periods)

    @property
    def is_of_calendar_years(self) -> bool:
        """Whether an assessment year begins on 1 January."""
        return self._starts == (1, 1)

    def _first_day(self, year: int) -> date:
        return _on(self._starts, year if self._named_after_first else year - 1)

    def _last_day(self, year: int) -> date:
        return self._first_day(year + 1) - _ONE_DAY

    def span(self, year: int) -> YearSpan:
        """Return a year with its first and last day."""
        return YearSpan(year, self.first_day(year), self.last_day(year))

    def year_of(self, day: date) -> int:
        """Return the assessment year that a day belongs to."""
        year = day.year if self._named_after_first else day.year + 1
        return year if day >= self._first_day(year) else year - 1

    def _periods_of(self, year: int) -> tuple[YearPeriod, ...]:
        firsts = [self.day_in(year, period.starts) for period in self._periods]
        ends = [*[day - _ONE_DAY for day in firsts[1:]], self._last_day(year)]
        return tuple(
            YearPeriod(
                number,
                f"{year}{period.key}",
                period.title,
                first,
                end if period.ends is None else self.day_in(year, period.ends),
            )
            for number, (period, first, end) in enumerate(
                zip(self._periods, firsts, ends, strict=False), 1
            )
        )

    def _gaps(self, year: int) -> tuple[tuple[date, date], ...]:
        """Return the first and last days of what lies in no period; nothing without periods."""
        found, begins, last = [], self._first_day(year), self._last_day(year)
        for one in self.periods(year):
            if begins < one.first:
                found.append((begins, one.first - _ONE_DAY))
            begins = one.last + _ONE_DAY
        if self._periods and begins <= last:
            found.append((begins, last))
        return tuple(found)

    def day_in(self, year: int, month_and_day: str) -> date:
        """Return the day of a year that a month and day name: 12-01."""
        wanted = _month_and_day(month_and_day)
        first = self._first_day(year)
        day = _on(wanted, first.year)
        return day if day >= first else _on(wanted, first.year + 1)

    def _period_of(self, day: date) -> int | None:
        for period in self.periods(self.year_of(day)):
            if period.first <= day <= period.last:
                return period.number
        return None

    def period(self, year: int, number: int) -> YearPeriod:
        """Return a period of a year by its number, from 1."""
        return self.periods(year)[number - 1]

    def name_of(self, year: int, number: int | None) -> str:
        """Return the measure's own name of a period, from 1; of the year itself for None."""
        return str(year) if number is None else self.period(year, number).name

    def named(self, name: str) -> tuple[int, int] | None:
        """Return the year and number of a period's name, in any case; None if there is none."""
        folded = name.casefold()
        for number, period in enumerate(self._periods, 1):
            year = folded.removesuffix(period.key.casefold())
            if year != folded and len(year) == len("2016") and year.isascii() and year.isdecimal():
                return int(year), number
        return None

    def end_of_period(self, day: date) -> date:
        """Return the last day of a day's period, or of its year where it is in none."""
        year, number = self.year_of(day), self.period_of(day)
        return self._last_day(year) if number is None else self.period(year, number).last

    def _month_spans(self, year: int) -> tuple[tuple[str, date, date], ...]:
        """Return the twelve months of a year, which cover its days once, with their bounds.

        Each begins on the day of the month on which the year does, and has the name (YYYY-MM) of
        the calendar month in which it begins.
        """
        (start, day), first = self._starts, self._first_day(year).year
        months = [divmod(start - 1 + number, 12) for number in range(13)]
        starts = [_on((month + 1, day), first + years) for years, month in months]
        return tuple((f"{one:%Y-%m}", one, end - _ONE_DAY) for one, end in pairwise(starts))

    def _months(self, year: int) -> tuple[tuple[str, date], ...]:
        """Return the months that end in a year, each as (YYYY-MM, its last day)."""
        found, last = [], self._last_day(year)
        end = month_end(self._first_day(year))
        while end <= last:
            found.append((f"{end:%Y-%m}", end))
            end = month_end(end + _ONE_DAY)
        return tuple(found)


def _month_and_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)


def _on(month_and_day: tuple[int, int], year: int) -> date:
    month, day = month_and_day
    # A period may end on 29 February in any year.
    return date(year, month, min(day, month_end(date(year, month, 1)).day))
