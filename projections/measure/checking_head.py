"""Check measure.toml: calendar, units, sections, total, rank, flags, bands."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ledger.fields import WORD_PATTERN
from ledger.message import Message
from ledger.vocabulary import FIRST_YEAR, LAST_YEAR, OUTSIDE
from projections.measure.calendar import MeasureCalendar
from projections.measure.checking_clauses import FLAGS, applies_to_problems, bounds_problems
from projections.measure.checking_kinds import month_and_day, not_a_day, places_problems, undeclared
from projections.measure.checking_readings import conditions, decided_problems
from projections.measure.model import ByReading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from projections.measure.calendar import YearPeriod
    from projections.measure.draft import Draft
    from projections.measure.head import Period

_ID = re.compile(r"[^\W_][\w.-]{0,63}")
_KEY = re.compile(r"[0-9A-Za-z-]{1,16}", re.ASCII)
_LEAP_YEAR, _COMMON_YEAR = 2016, 2015


def head_problems(draft: Draft) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with measure.toml as (key, message)."""
    folder = draft.folder
    source = folder.measure
    if not is_id(source.id):
        yield "measure.id", Message("must be 1 to 64 letters, digits, '-', '_' or '.'")
    if not FIRST_YEAR < source.year <= LAST_YEAR:
        yield (
            "measure.year",
            Message("must be a year from {first} to {last}", first=FIRST_YEAR + 1, last=LAST_YEAR),
        )
    span = source.in_force
    if span is not None and span.until is not None and span.since > span.until:
        yield "measure.in_force", Message("ends before it begins")
    for key, names in (
        ("units.type", [one.value for one in folder.units.type]),
        ("units.group", [one.value for one in folder.units.group]),
        ("batches.group", [one.value for one in folder.batches.group] if folder.batches else []),
        ("flag", [one.flag for one in folder.flag]),
        ("band", [one.name for one in folder.band]),
        ("band", [f"from {one.least}" for one in folder.band if one.least is not None]),
    ):
        yield from _twice(key, names)
    # A period is asked for in any case: `publish 2016q2`.
    yield from _twice("period", [one.key for one in folder.period], str.casefold)
    if sum(one.least is None for one in folder.band) > 1:
        yield "band", Message("several have no from; the lowest one alone may leave it out")
    yield from _units(draft)
    yield from _sections(draft)
    yield from _scales(draft)
    yield from _rank(draft)
    yield from _calendar(draft)
    yield from decided_problems(draft, folder.calendar, "calendar")
    yield from decided_problems(draft, folder.rank, "rank")
    if folder.batches is not None:
        yield from decided_problems(draft, folder.batches, "batches")


def _units(draft: Draft) -> Iterator[tuple[str, Message]]:
    units = draft.folder.units
    if units.group_required and not units.group:
        yield "units.group_required", Message("is true, but no group of units is declared")
    if not units.type:
        yield "units.type", Message("is empty: nobody is assessed")
    for number, one in enumerate(units.type):
        if one.value == OUTSIDE or re.fullmatch(WORD_PATTERN, one.value) is None:
            words = Message("must be a word in lower case, as village, and not outside")
            yield f"units.type[{number}].value", words


def is_id(text: str) -> bool:
    """Return whether a text can be the id of a measure."""
    return _ID.fullmatch(text) is not None


def _twice(
    key: str, names: Sequence[str], fold: Callable[[str], str] = str
) -> Iterator[tuple[str, Message]]:
    times = Counter(map(fold, names))
    for folded, name in {fold(name): name for name in names}.items():
        if times[folded] > 1:
            yield key, Message("{name} is given twice", name=name)


def _sections(draft: Draft) -> Iterator[tuple[str, Message]]:
    folder = draft.folder
    slugs = [one.slug for one in folder.section]
    yield from _twice("section", slugs)
    if not slugs:
        yield "section", Message("there is none")
    clauses = {*folder.file_of, folder.total.slug}
    if folder.total.slug in folder.file_of:
        yield "total.slug", Message("{name} is the slug of a clause too", name=folder.total.slug)
    for number, section in enumerate(folder.section):
        at = f"section[{number}]"
        if section.slug == FLAGS or re.fullmatch(WORD_PATTERN, section.slug) is None:
            words = Message("must be a word in lower case, as basic_work, and not flags")
            yield f"{at}.slug", words
        if section.slug in clauses:
            words = Message("{name} is the slug of a clause too", name=section.slug)
            yield f"{at}.slug", words
        if section.of != "year" and not folder.period:
            yield f"{at}.of", Message("is {of}, but the year has no [[period]]", of=section.of)
        if not section.citation.strip():
            yield f"{at}.citation", Message("is empty")
        for key, words in bounds_problems(section.floor, section.cap):
            yield f"{at}.{key}", words
        yield from decided_problems(draft, section, at)


def _scales(draft: Draft) -> Iterator[tuple[str, Message]]:
    of_year = [one.slug for one in draft.folder.section if one.of == "year"]
    for number, scale in enumerate(draft.folder.scale):
        at = f"scale[{number}]"
        for slug in scale.sections:
            if slug not in of_year:
                yield f"{at}.sections", undeclared(slug, Message("section of the year"), of_year)
        if not scale.sections:
            yield f"{at}.sections", Message("is empty")
        if scale.attainable <= 0:
            yield f"{at}.attainable", Message("must be more than 0")
        yield from ((f"{at}.{key}", words) for key, words in places_problems(scale.places))
        for key, to in (("applies_to", scale.applies_to), ("not_applies_to", scale.not_applies_to)):
            yield from applies_to_problems(draft, to, f"{at}.{key}")
        yield from conditions(draft, scale.condition, f"{at}.if")
        yield from decided_problems(draft, scale, at)


def _rank(draft: Draft) -> Iterator[tuple[str, Message]]:
    rank, flags = draft.folder.rank, [one.flag for one in draft.folder.flag]
    named: Sequence[str] = rank.last if isinstance(rank.last, list) else []
    if isinstance(rank.last, ByReading):
        lists = (rank.last.values or {}).values()
        named = [name for one in lists if isinstance(one, list) for name in one]
    for name in dict.fromkeys(named):
        if name not in flags:
            yield "rank.last", undeclared(name, Message("flag"), flags)
    if rank.within == "group" and not draft.folder.units.group:
        yield "rank.within", Message("is group, but no group of units is declared")


def _calendar(draft: Draft) -> Iterator[tuple[str, Message]]:
    calendar, periods = draft.folder.calendar, draft.folder.period
    if not calendar.citation.strip():
        yield "calendar.citation", Message("is empty")
    sound = month_and_day(calendar.starts) and calendar.starts != "02-29"
    if not sound:
        yield "calendar.starts", not_a_day(calendar.starts)
    for number, one in enumerate(periods):
        if _KEY.fullmatch(one.key) is None:
            yield f"period[{number}].key", Message("must be 1 to 16 letters, digits or '-', as Q1")
        for key, day in (("starts", one.starts), ("ends", one.ends)):
            if day is not None and not month_and_day(day):
                sound = False
                yield f"period[{number}].{key}", not_a_day(day)
    if sound:
        found: dict[str, Message] = {}
        # The measure's own year last: its days are those that people look for.
        for year in (_LEAP_YEAR, _COMMON_YEAR, draft.folder.measure.year):
            if FIRST_YEAR < year <= LAST_YEAR:
                found |= dict(_periods(MeasureCalendar(calendar, periods), year, periods))
        yield from found.items()


def _periods(
    calendar: MeasureCalendar, year: int, given: Sequence[Period]
) -> Iterator[tuple[str, Message]]:
    """Yield the bounds of a year's periods that are not possible, as (key, message)."""
    before: YearPeriod | None = None
    for number, one in enumerate(calendar.periods(year)):
        at = f"period[{number}]"
        # Without an end of its own a period ends where the next one starts.
        end = f"{at}.ends" if given[number].ends is not None else f"period[{number + 1}].starts"
        if one.last < one.first and given[number].ends is None and number + 1 < len(given):
            words = Message("lies before the start of the period before it, {day}", day=one.first)
            yield end, words
        elif one.last < one.first:
            yield (
                f"{at}.ends",
                Message(
                    "ends before it begins, on {day}; it begins on {first}",
                    day=one.last,
                    first=one.first,
                ),
            )
        elif one.last > calendar.last_day(year):
            yield f"{at}.ends", Message("ends after the year, on {day}", day=one.last)
        elif before is not None and one.first <= before.last:
            words = Message("overlaps the period before it, which ends on {day}", day=before.last)
            yield f"{at}.starts", words
        before = one
