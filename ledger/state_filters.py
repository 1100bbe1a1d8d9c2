"""Byte patterns that select recordings without decoding their JSON.

A state is JSON without white space; a quotation mark inside a text is escaped there, so that
`"month":"` can only be the field.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ledger.codec import class_version, recorded_topic
from ledger.entries import BY_KIND, STORED, MeasureEntry
from ledger.stores import RowFilter
from ledger.vocabulary import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.entries.base import Entry

_BY_PERIOD = {"screening_report": "month", "case_report": "month", "carried_quarter": "period"}
"""Kinds that belong to the month or period which they report on, not to a day of their own."""

_DECEMBER = 12
"""The month in which the next assessment year begins."""

_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)

REPLACES = b'"replaces":"'
"""In every entry that takes another's place."""


def topics_of(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the topics of the recordings of kinds."""
    return tuple(dict.fromkeys(map(recorded_topic, kinds)))


@cache
def dating_field(kind: str) -> str | None:
    """Return the field whose day, month or year says to which year an entry of a kind belongs.

    None for kinds that belong to the year of what they refer to, or to every year.
    """
    entry = STORED.get(kind, MeasureEntry)
    return "year" if "year" in entry.FIELDS else _BY_PERIOD.get(kind, entry.DATED_BY)


def own_years(entry: Entry) -> tuple[int, ...]:
    """Return the assessment years that an entry may belong to by itself; none for one without.

    Of a measure's own kind that a year dates,
    every number that may be this year: which field it is, the measure alone says.
    """
    field = dating_field(entry.KIND)
    found = None if field is None else getattr(entry, field)
    if found is None and isinstance(entry, MeasureEntry):
        return tuple({one for one in entry.values.values() if type(one) is int and one in _YEARS})
    if found is None:
        return ()
    if isinstance(found, int):
        return (found,)
    if isinstance(found, str) and field != "month":
        return (int(found[:4]),)
    if isinstance(found, str):
        return (int(found[:4]) + (int(found[5:7]) == _DECEMBER),)
    return (year_key(found),)


def year_key(day: date) -> int:
    """Return the year from December to November that a day is in, by which entries are found."""
    return day.year + (day.month == _DECEMBER)


def dated_in(kind: str, year: int) -> tuple[bytes, ...]:
    """Return patterns of which one is in every entry of a kind that belongs to a year.

    Those of the calendar year's own December have one too: they are loaded in vain.
    """
    field = dating_field(kind)
    if field is None:
        return ()
    if field == "year":
        return (b'"year":%d,' % year,)
    if kind not in BY_KIND:
        # A measure's own kinds may have another calendar, or be dated by a year alone.
        days = tuple(b'"dated":"%d-' % one for one in (year - 1, year, year + 1))
        return (*days, b":%d," % year, b":%d}" % year)
    if field == "period":
        return (b'"period":"%d' % year,)
    name = field.encode()
    return (b'"%b":"%d-' % (name, year), b'"%b":"%d-12' % (name, year - 1))


def filters_of(kinds: Iterable[str], *years: int) -> list[RowFilter]:
    """Return filters of the entries of kinds that belong to years, or replace another entry.

    A kind without a date of its own, and one with older class versions, whose fields may have
    other names, is selected whole.
    """
    found = []
    for kind in kinds:
        patterns = tuple(one for year in years for one in dated_in(kind, year))
        topic = recorded_topic(kind)
        whole = not patterns or class_version(topic) > 1
        found.append(RowFilter((topic,), () if whole else (*patterns, REPLACES)))
    return found
