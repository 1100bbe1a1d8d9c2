"""Check the parameters of each kind of clause, as far as their types do not say what is wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.entries import BY_KIND
from ledger.message import Choice, Message, Series
from projections.kinds.due import days_owed
from projections.measure.calendar import MeasureCalendar
from projections.measure.draft import Domain
from projections.measure.model import ByReading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ledger.entries.base import Field
    from projections.measure.draft import Draft
    from projections.measure.model import Clause

    Names = Mapping[str, Domain]
    Found = Iterator[tuple[str, Message]]

_NUMBERS = {"quota": ("count",), "rate": ("numerator", "denominator"), "flag": ("total",)}
"""By kind of clause, the parameters that name a number of the entry."""

_LATER = Choice(("floor", "cap", "weight", "scale"))

_MOST_PLACES = 9

_DAY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def kind_problems(draft: Draft, clause: Clause, names: Names) -> Found:
    """Yield what is wrong with the parameters of a clause as (key, message).

    Args:
        draft: the folder.
        clause: the clause.
        names: what entries of its kind can be told apart by.
    """
    given = clause.parameters
    for key in _NUMBERS.get(clause.kind, ()):
        name = getattr(given, key)
        if name is not None and (name not in names or names[name].form != "number"):
            yield key, _not_a(Message("number"), name, given.entry, names, "number")
    for key in ("each", "within"):
        if getattr(given, key, None) == "period" and not draft.folder.period:
            yield key, Message("is {of}, but the year has no [[period]]", of="period")
    yield from places_problems(getattr(given, "places", 0))
    if not getattr(given, "item", "1").strip():
        yield "item", Message("is empty")
    check = _OF_KIND.get(clause.kind)
    found = [] if check is None else list(check(draft, clause, names))
    yield from found
    if not found:
        yield from _of_no_period(draft, clause)
    if not found and clause.opening is not None:
        yield from _opened(draft, clause)


def places_problems(places: int) -> Found:
    """Yield that a number of decimal places is not possible."""
    if not 0 <= places <= _MOST_PLACES:
        yield "places", Message("must be from 0 to {most}", most=_MOST_PLACES)


def _of_no_period(draft: Draft, clause: Clause) -> Found:
    """Yield the days of a clause of periods that lie in none: what is of them counts nowhere."""
    calendar = calendar_of(draft)
    section = next((one for one in draft.folder.section if one.slug == clause.section), None)
    if calendar is None or section is None or section.of != "period":
        return
    given, year = clause.parameters, draft.folder.measure.year
    days = dict[str, list[date]]()
    if clause.kind == "milestone":
        days["by"] = [calendar.day_in(year, given.by)]
    elif clause.kind == "due":
        days["dates"] = [calendar.day_in(year, one) for one in given.dates]
    elif clause.kind == "graded" and given.entry in BY_KIND:
        days["entry"] = [calendar.last_day(year)]
    for key in ("each", "within", "over"):
        if getattr(given, key, None) == "year" and getattr(given, "award", "once") == "once":
            days[key] = [calendar.last_day(year)]
    for key, found in days.items():
        outside = [day for day in found if calendar.period_of(day) is None]
        if outside:
            words = Message(
                "belongs to {days}, in no period of the year, and would count nowhere; let a "
                "period contain it, or put the clause into a section of the year",
                days=Series(outside),
            )
            yield key, words


def _opened(draft: Draft, clause: Clause) -> Found:
    """Yield that a clause opens in periods in which nothing of it falls due."""
    calendar = calendar_of(draft)
    section = next((one for one in draft.folder.section if one.slug == clause.section), None)
    if calendar is None or section is None or section.of == "year":
        return
    given, year = clause.parameters, draft.folder.measure.year
    if clause.kind == "milestone":
        days = [calendar.day_in(year, given.by)]
    elif clause.kind == "due" and not given.notices:
        days = [day for _, day in days_owed(given, draft.fields(given.entry), calendar, year)]
    else:
        return
    due = {calendar.period_of(day) for day in days}
    idle = [one.name for one in calendar.periods(year) if one.number not in due]
    if idle:
        words = Message(
            "is given in every period of the section, in {periods} too, where nothing falls due; "
            "put the clause into a section of the year",
            periods=Series(idle),
        )
        yield "opening", words


def calendar_of(draft: Draft) -> MeasureCalendar | None:
    """Return the calendar of a draft; None if a day of it is not one."""
    days = [draft.folder.calendar.starts]
    for one in draft.folder.period:
        days += [one.starts, one.starts if one.ends is None else one.ends]
    if not all(map(month_and_day, days)):
        return None
    return MeasureCalendar(draft.folder.calendar, draft.folder.period)


def _checklist(draft: Draft, clause: Clause, names: Names) -> Found:  # noqa: ARG001 - one signature
    given = clause.parameters
    if given.missing not in names or names[given.missing].form not in ("number", "flag"):
        yield "missing", _not_a(Message("number"), given.missing, given.entry, names, "number")


def _due(draft: Draft, clause: Clause, names: Names) -> Found:
    given = clause.parameters
    for number, day in enumerate(given.dates):
        if not month_and_day(day):
            yield f"dates[{number}]", not_a_day(day)
    for number, one in enumerate(given.days_of_month):
        if not 1 <= one <= max(_DAYS):
            yield f"days_of_month[{number}]", Message("must be a day from 1 to 31")
    if not (given.each or given.dates or given.days_of_month or given.notices):
        yield "each", Message("nothing is owed: give each, dates or days_of_month")
    fields = draft.fields(given.entry)
    if given.owed_for is not None and given.owed_for not in fields:
        yield "owed_for", _not_a(Message("field"), given.owed_for, given.entry, names)
    elif given.entry in BY_KIND:
        if given.owed_for not in (None, "month"):
            words = Message(
                "must be month: an entry of kind {entry} names its month", entry=given.entry
            )
            yield "owed_for", words
        yield from _same_name(draft, given, "month")
    else:
        field = fields.get(given.owed_for or "")
        yield from _owed_for(given, field)
        if field is not None:
            yield from _same_name(draft, given, given.owed_for)


def _owed_for(given: Any, field: Field | None) -> Found:
    """Yield why the field of an own kind cannot say which report it is."""
    by_day = bool(given.each or given.dates or given.days_of_month)
    form = None if field is None else field.form
    to_notice = field is not None and field.refers_to == "notice"
    if field is not None and form not in ("month", "day", "whole", "code", "prose"):
        yield "owed_for", Message("must be a month, a date, a year, a text or a notice")
    elif form == "whole" and (given.each != "year" or given.dates or given.days_of_month):
        yield "owed_for", Message("is a year, and more than one report a year is owed")
    elif field is not None and field.refers_to is not None and (by_day or not to_notice):
        yield "owed_for", Message("refers to an entry, which says nothing of the day owed")
    if given.notices and not (to_notice or form in ("code", "prose")):
        yield "notices", Message("goes with owed_for: the field that refers to the notice")


def _same_name(draft: Draft, given: Any, field: str) -> Found:
    """Yield two days of a year whose reports the field does not tell apart."""
    calendar = calendar_of(draft)
    if calendar is None or not all(map(month_and_day, given.dates)):
        return
    of_name = dict[str, date]()
    owed = days_owed(given, draft.fields(given.entry), calendar, draft.folder.measure.year)
    for name, day in owed:
        if name in of_name:
            words = Message(
                "{field} is {name} for the reports due on {first} and on {second}; let owed_for "
                "name a date",
                field=field,
                name=name,
                first=of_name[name],
                second=day,
            )
            yield "owed_for", words
            return
        of_name[name] = day


def _quota(draft: Draft, clause: Clause, names: Names) -> Found:  # noqa: ARG001 - one signature
    given = clause.parameters
    if given.until != "any" and given.each != "month":
        yield "until", Message("goes with each = {month}", month='"month"')


def _milestone(draft: Draft, clause: Clause, names: Names) -> Found:  # noqa: ARG001 - one signature
    if not month_and_day(clause.parameters.by):
        yield "by", not_a_day(clause.parameters.by)


def _warned(draft: Draft, clause: Clause, names: Names) -> Found:  # noqa: ARG001 - one signature
    valid = clause.parameters.valid
    known = isinstance(valid, ByReading) or valid in ("ever", "since_last_batch")
    if not known and not valid.isdecimal():
        yield "valid", Message("must be ever, since_last_batch or a number of days")


def _rank(draft: Draft, clause: Clause, names: Names) -> Found:  # noqa: ARG001 - one signature
    by, sections = clause.parameters.by, draft.folder.section
    of_year = [one.slug for one in sections if one.of != "period"]
    if by != "total" and by not in of_year:
        yield "by", undeclared(by, Message("section of the year"), of_year)
    flags = [one.flag for one in draft.folder.flag]
    for name in clause.parameters.without:
        if name not in flags:
            yield "without", undeclared(name, Message("flag"), flags)
    section = next((one for one in sections if one.slug == clause.section), None)
    if section is not None and section.of == "period":
        yield "section", Message("places are known for the year alone")
    scaled = any(clause.section in one.sections for one in draft.folder.scale)
    if section is not None and (scaled or _is_bounded(section) or section.weight != 1):
        words = Message(
            "places count after all else: their section can have no {keys}", keys=_LATER
        )
        yield "section", words
    for key in ("floor", "cap", "together_with"):
        if getattr(clause, key) not in (None, []):
            yield (
                key,
                Message("places count after all else: their clause can have no {keys}", keys=key),
            )


def _is_bounded(one: Any) -> bool:
    return one.floor is not None or one.cap is not None


def _clean(draft: Draft, clause: Clause, names: Names) -> Found:
    given = clause.parameters
    if given.within == "special_period" and "level" not in names:
        yield "entry", Message("{entry} has no level", entry=given.entry)
    spans = draft.domain("special_period", "level") or Domain("choice")
    own = names.get("level", Domain("choice"))
    for key, levels in given.levels.items():
        for name, values in ((key, spans.values), *((one, own.values) for one in levels)):
            if name not in values:
                yield "levels", undeclared(name, Message("level"), values)


_OF_KIND: dict[str, Callable[[Draft, Clause, Names], Found]] = {
    "checklist": _checklist,
    "due": _due,
    "quota": _quota,
    "milestone": _milestone,
    "warned": _warned,
    "rank": _rank,
    "clean": _clean,
}


def month_and_day(text: str) -> bool:
    """Return whether a text is a month and day: 07-31."""
    found = _DAY.fullmatch(text)
    if found is None:
        return False
    month, day = int(found[1]), int(found[2])
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]


def not_a_day(text: str) -> Message:
    """Return the message for a text that is not a month and day."""
    return Message("{text!r} is not a day of a year; write month and day, as 07-31", text=text)


def undeclared(name: str, what: Message, known: Iterable[str]) -> Message:
    """Return the message for a name of something that is not declared."""
    return Message(
        "there is no {what} {name!r}; declared are {known}",
        what=what,
        name=name,
        known=Series(known),
    )


def _not_a(
    what: Message, name: str, entry: str, names: Mapping[str, Domain], form: str | None = None
) -> Message:
    known = [one for one, domain in names.items() if form is None or domain.form == form]
    return Message(
        "{name!r} is not a {what} of {entry}; it has {known}",
        name=name,
        what=what,
        entry=entry,
        known=Series(known),
    )
