"""Days, times, positions, years, quarters and editions as command-line values."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cli.parameters import MalformedError, Parsed
from ledger.message import Message
from ledger.vocabulary import FIRST_YEAR, LAST_YEAR, OFFICE_TIME
from projections.calendar import quarter_name

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:Q([1-4]))?", re.ASCII | re.IGNORECASE)
_QUARTER = re.compile(r"(\d{4})Q([1-4])", re.ASCII | re.IGNORECASE)
_EDITION = re.compile(r"(\d{4}Q[1-4])(?:#(\d{1,9}))?", re.ASCII | re.IGNORECASE)


class Period(NamedTuple):
    """An assessment year, or one quarter of it."""

    year: int
    quarter: int | None

    def __str__(self) -> str:
        return str(self.year) if self.quarter is None else quarter_name(self.year, self.quarter)


class Quarter(NamedTuple):
    """A quarter of an assessment year."""

    year: int
    number: int

    def __str__(self) -> str:
        return quarter_name(self.year, self.number)


class EditionName(NamedTuple):
    """The name of a published edition; without a number, of the latest one."""

    quarter: Quarter
    number: int | None


def _day(text: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise MalformedError(
            Message("{text!r} is not a valid date; write YYYY-MM-DD, as 2016-03-31", text=text)
        ) from None


def _local(time: datetime) -> datetime:
    """Return a time with an offset, the office's unless it has one."""
    return time if time.tzinfo is not None else time.replace(tzinfo=OFFICE_TIME)


def _time(text: str) -> datetime:
    try:
        if not _TIME.fullmatch(text):
            raise ValueError
        return _local(datetime.fromisoformat(text))
    except ValueError:
        raise MalformedError(
            Message(
                "{text!r} is not a valid time; write YYYY-MM-DDThh:mm, as 2016-03-31T09:30",
                text=text,
            )
        ) from None


def _moment(text: str) -> int | datetime:
    try:
        if text.isascii() and text.isdigit():
            return int(text)
        time = datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            time += timedelta(days=1, microseconds=-1)
        return _local(time)
    except (ValueError, OverflowError):
        raise MalformedError(
            Message(
                "{text!r} is neither a position nor a time; write 128 or 2016-07-01T09:00+08:00",
                text=text,
            )
        ) from None


def _is_year(text: str) -> bool:
    return len(text) == len("2016") and FIRST_YEAR < int(text) <= LAST_YEAR


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and _is_year(text)):
        raise MalformedError(
            Message(
                "{text!r} is not an assessment year from {first} to {last}; write 2016",
                text=text,
                first=FIRST_YEAR + 1,
                last=LAST_YEAR,
            )
        )
    return int(text)


def _period(text: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if found is None or not _is_year(found[1]):
        raise MalformedError(
            Message("{text!r} is not a quarter or a year; write 2016Q2 or 2016", text=text)
        )
    return Period(int(found[1]), int(found[2]) if found[2] else None)


def _quarter(text: str) -> Quarter:
    found = _QUARTER.fullmatch(text)
    if found is None or not _is_year(found[1]):
        raise MalformedError(Message("{text!r} is not a quarter; write 2016Q2", text=text))
    return Quarter(int(found[1]), int(found[2]))


def _moment_or_edition(text: str) -> int | datetime | EditionName:
    found = _EDITION.fullmatch(text)
    try:
        if found is None:
            return _moment(text)
        return EditionName(_quarter(found[1]), int(found[2]) if found[2] else None)
    except MalformedError:
        raise MalformedError(
            Message(
                "{text!r} is neither a position nor a time nor a quarter; write 128, "
                "2016-07-01T09:00+08:00, 2016Q2 or 2016Q2#1",
                text=text,
            )
        ) from None


DAY = Parsed(_day)
"""A day, as 2016-03-31."""

TIME = Parsed(_time)
"""A day with a time, of UTC+08:00 unless it has an offset."""

MOMENT = Parsed(_moment)
"""A position or a recorded time, of UTC+08:00 unless it has an offset; a day means its close."""

MOMENT_OR_EDITION = Parsed(_moment_or_edition)
"""A position, a recorded time, or a published edition of a quarter, as 2016Q2#1."""

YEAR = Parsed(_year)
"""An assessment year within the bounds of the ledger's calendar."""

PERIOD = Parsed(_period)
"""A quarter or an assessment year, as 2016Q2 or 2016."""

QUARTER = Parsed(_quarter)
"""A quarter, as 2016Q2."""
