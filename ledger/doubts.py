"""Entries that are let in only if somebody says that they are meant: implausible or alike."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from ledger.calendar import first_of
from ledger.entries import (
    CaseReport,
    InspectionFinding,
    Notice,
    OnSiteResponse,
    PetitionBatch,
    ScreeningReport,
    SpecialPeriod,
    SupervisedCase,
    Unit,
)
from ledger.kinds import year_named
from ledger.lookalikes import unit_key
from ledger.message import Message, Series
from ledger.rules import Problem, key_of
from ledger.state_filters import dating_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.entries import Entry
    from ledger.rules import Measure

Doubt = Literal["alike", "implausible"]

DOUBTS: frozenset[Doubt] = frozenset({"alike", "implausible"})

MANY_PEOPLE = 1_000
MANY_MISSING = 10
MANY_YEARS = 10
MINUTES_OF_A_DAY = 24 * 60

_AHEAD = (Notice, SpecialPeriod, SupervisedCase)
"""Kinds whose day is a date set for later: it may lie ahead."""

_OF_ANOTHER = frozenset({"information_report", "case_resolution", "on_site_response"})
"""Kinds that belong to the year of what they refer to, whatever their own day."""


class Plausibility:
    """Doubts about values that are hardly ever true, as seen from a day under a measure."""

    def __init__(self, measure: Measure, today: date) -> None:
        self._measure, self._today = measure, today
        self._adopted: dict[date, bool] = {}

    def problems(self, entry: Entry) -> Iterator[Problem]:
        """Yield what is implausible about an entry."""
        field = (self._measure.kind_of(entry) or entry).DATED_BY
        day = entry.day()
        if day is not None and day > self._today and not isinstance(entry, _AHEAD):
            words = Message("{day} lies ahead; today is {today}", day=day, today=self._today)
            yield self._problem(field, words)
        elif (own := self._day_of_its_year(entry)) is not None and not self._is_adopted(own):
            year = year_named(entry, self._measure)
            if year is None:
                month = getattr(entry, "month", None)
                field = field if month is None else "month"
                words = Message(
                    "{day} lies in no year that a measure is adopted for", day=month or own
                )
            else:
                field = field or dating_field(entry.KIND)
                words = Message(
                    "no measure is adopted for {year} (`tally measure adopt ID|DIR --year {year}`)",
                    year=year,
                )
            awaiting = self._measure.year_awaiting(own)
            if awaiting is not None:
                words = Message(
                    "the measure of {year} awaits verification: `tally verify measure:{year}`",
                    year=awaiting,
                )
            yield self._problem(field, words)
        yield from self._unlikely(entry)

    def _unlikely(self, entry: Entry) -> Iterator[Problem]:
        """Yield numbers and days that are hardly ever true, whatever the measure and the day."""
        month = getattr(entry, "month", None)
        if isinstance(entry, ScreeningReport | CaseReport) and month is not None:
            first = first_of(month)
            earliest = (first - timedelta(days=1)).replace(day=1)
            if not earliest <= entry.submitted_on < first.replace(year=first.year + MANY_YEARS):
                words = Message(
                    "{day} lies more than a month before {month}, which it is for, or {years} "
                    "years after",
                    day=entry.submitted_on,
                    month=month,
                    years=MANY_YEARS,
                )
                yield self._problem("submitted_on", words)
        if (
            isinstance(entry, PetitionBatch | OnSiteResponse)
            and (entry.stay_minutes or 0) > MINUTES_OF_A_DAY
        ):
            words = Message("{count} minutes are more than a day", count=entry.stay_minutes)
            yield self._problem("stay_minutes", words)
        if isinstance(entry, PetitionBatch) and entry.headcount >= MANY_PEOPLE:
            words = Message("{count} people are very many for one batch", count=entry.headcount)
            yield self._problem("headcount", words)
        elif isinstance(entry, InspectionFinding) and (entry.missing or 0) > MANY_MISSING:
            yield self._problem(
                "missing", Message("{count} missing are very many", count=entry.missing)
            )

    def _problem(self, field: str | None, words: Message) -> Problem:
        message = Message(
            "{words}; correct it, or let it in with --implausible if it is right", words=words
        )
        return Problem(field, message, "implausible")

    def _day_of_its_year(self, entry: Entry) -> date | None:
        """Return a day of the assessment year that an entry belongs to by itself."""
        if entry.KIND in _OF_ANOTHER or self._measure.notice_of(entry) is not None:
            return None
        year = year_named(entry, self._measure)
        if year is not None:
            # The middle of the year named: whatever its first day, the measure has one there.
            return date(year, 6, 30)
        month = getattr(entry, "month", None)
        if month is not None:
            return first_of(month)
        if dating_field(entry.KIND) == "month":
            # A report for a notice belongs to the year of the notice.
            return None
        return self._measure.assessed_day(entry)

    def _is_adopted(self, day: date) -> bool:
        if day not in self._adopted:
            self._adopted[day] = self._measure.year_of(day) is not None
        return self._adopted[day]


def alike_keys(entry: Entry, root: Callable[[str], str | None]) -> list[tuple[object, ...]]:
    """Return keys of which two entries of one thing share one: kind and values (`ALIKE`).

    A unit is known by its id as by its name: another one may have neither for its own.
    """
    # Of a measure's own kinds the fields are those that the entry has.
    alike = entry.ALIKE
    keys: list[tuple[object, ...]] = [(alike, *key_of(entry, alike, root))]
    if isinstance(entry, Unit):
        ids = (entry.id, root(entry.id) or entry.id)
        keys += [(alike, entry.KIND, unit_key(one)) for one in ids]
    return list(dict.fromkeys(keys))


class AlikeEntries:
    """The entries by what they say; finds those that say what one before them says."""

    def __init__(self, root: Callable[[str], str | None]) -> None:
        self._root = root
        self._by_key: dict[tuple[object, ...], str] = {}

    def add(self, entry: Entry) -> Problem | None:
        """Add an entry; return the problem if it is alike to one that was added before."""
        own, *others = alike_keys(entry, self._root)
        first = self._by_key.setdefault(own, entry.id)
        words = Message(
            "has the same {fields} as {known}; leave it out, or let it in with --alike if it is "
            "another one",
            known=first,
            fields=Series(name for name in entry.ALIKE if entry.of_field(name) is not None),
        )
        for key in others:
            known = self._by_key.setdefault(key, entry.id)
            if first == entry.id != known:
                first = known
                words = Message(
                    "its id or name is the id or name of the unit {known}; give it another, or let "
                    "it in with --alike if that is meant",
                    known=known,
                )
        return None if first == entry.id else Problem(entry.ALIKE[0], words, "alike")


class AlikeHashes:
    """Hashes of what arriving entries say: 16 bytes a key, also of a million entries."""

    def __init__(self) -> None:
        self._hashes, self._numbers = array("q"), array("q")

    def add(self, number: int, keys: Iterable[tuple[object, ...]]) -> None:
        """Add the keys of the submission of a number."""
        for key in keys:
            self._hashes.append(hash(key))
            self._numbers.append(number)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def suspects(
        self, recorded: Callable[[], Iterator[tuple[str, tuple[object, ...]]]]
    ) -> tuple[list[int], list[str]]:
        """Return numbers of submissions that may say what another one or a recorded entry says.

        Args:
            recorded: yields id and each key of each recorded entry that stands.

        Returns:
            the numbers and the ids of the recorded entries, both in order.
        """
        ordered = array("q", sorted(self._hashes))
        shared = {one for one, other in pairwise(ordered) if one == other}
        ids = dict[str, None]()
        for entry_id, key in recorded():
            wanted = hash(key)
            place = bisect_left(ordered, wanted)
            if place < len(ordered) and ordered[place] == wanted:
                shared.add(wanted)
                ids[entry_id] = None
        if not shared:
            return [], [*ids]
        numbers = zip(self._hashes, self._numbers, strict=True)
        return sorted({number for one, number in numbers if one in shared}), [*ids]
