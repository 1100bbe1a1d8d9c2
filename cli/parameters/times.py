"""Days, times, positions, years, periods and editions as command-line values."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cli import completing
from cli.parameters import MalformedError, Parsed
from ledger.events import ADOPTION
from ledger.message import Message
from ledger.vocabulary import FIRST_YEAR, LAST_YEAR, OFFICE_TIME

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.ASCII)
_PERIOD = re.compile(r"(\d{4})([^\s#]{0,12})", re.ASCII)
_EDITION = re.compile(r"(\d{4}[^\s#]{0,12})(?:#(\d{1,9}))?", re.ASCII)


class Period(NamedTuple):
    """An assessment year, or a period of it, by the name that its measure gives it."""

    year: int
    key: str
    """Part of the name after the year: Q2, -03; empty for the year itself."""

    def __str__(self) -> str:
        return f"{self.year}{self.key}"


class AdoptionName(NamedTuple):
    """The name of the adoptions of a year's measure: measure:2017."""

    year: int


class EditionName(NamedTuple):
    """The name of a published edition; without a number, of the latest one."""

    period: Period
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
            Message("{text!r} is not a period or a year; write 2016Q2 or 2016", text=text)
        )
    return Period(int(found[1]), found[2].upper())


def _period_or_adoption(text: str) -> Period | AdoptionName:
    year = text.removeprefix(ADOPTION)
    return _period(text) if year == text else AdoptionName(_year(year))


def _moment_or_edition(text: str) -> int | datetime | EditionName:
    found = _EDITION.fullmatch(text)
    try:
        if found is None or text.isdecimal() or _DAY.match(text):
            return _moment(text)
        return EditionName(_period(found[1]), int(found[2]) if found[2] else None)
    except MalformedError:
        raise MalformedError(
            Message(
                "{text!r} is neither a position nor a time nor a period; write 128, "
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

MOMENT_OR_EDITION = Parsed(_moment_or_edition, completing.periods)
"""A position, a recorded time, or a published edition of a period, as 2016Q2#1."""

YEAR = Parsed(_year, completing.years)
"""An assessment year within the bounds of the ledger's calendar."""

PERIOD = Parsed(_period, completing.periods)
"""A period or an assessment year, as 2016Q2 or 2016."""

PERIOD_OR_ADOPTION = Parsed(_period_or_adoption, completing.adoptions)
"""A period or an assessment year, or the adoptions of a year's measure: measure:2017."""
