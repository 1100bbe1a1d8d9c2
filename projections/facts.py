"""The facts of an assessment year, by unit: all that the clauses read.

Lists of entries are in the order of their dates and ids.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct, field

if TYPE_CHECKING:
    from ledger.entries import (
        CarriedQuarter,
        Entry,
        InformationReport,
        InspectionFinding,
        Notice,
        SpecialPeriod,
    )
    from projections.measure import Measure
    from projections.measure.calendar import MeasureCalendar, YearPeriod


class NoticeDue(NamedTuple):
    """A notice that fell due; the units that owe a report for it (None: all)."""

    notice: Notice
    units: frozenset[str] | None


Span = tuple[int | None, date, date]
"""The year (None) or a period of it, by its number, with its first and its last day."""

Role = Literal["alone", "liable", "host"]
"""A unit's part in a batch: liable or host unit where person and problem are apart (人事分离)."""


class Occurrence(Struct, frozen=True, gc=False):
    """An entry of the year as it concerns one unit."""

    entry: Any
    day: date
    period: int | None
    """The number of the period that the day is in; None if it is in none."""
    role: Role = "alone"
    answer: Any = None
    """The unit's own response on site, if one is recorded."""
    host: str | None = None
    """The first id of the host unit, if the unit is liable."""


class TownYear(Struct):
    """Facts that all units of the town share, as of the close of `through`."""

    year: int
    through: date
    readings: dict[str, str]
    """Every reading of the measure with the value in force."""
    measure: Measure
    rulings: dict[str, str] = {}
    """The id of the ruling on each reading that was ruled on."""
    periods: list[SpecialPeriod] = []
    """Special periods that ended in the year, by now."""
    notices: list[NoticeDue] = []
    """Notices that fell due in the year, by now."""
    completions: dict[str, list[Entry]] = {}
    """Entries that say another was carried out, by the id of the other: case resolutions."""
    information: dict[str, list[tuple[str, InformationReport]]] = {}
    """Information reports by matter, each with the id of its unit; of earlier years too."""
    batch_times: dict[str, list[datetime]] = {}
    """By matter with an information report, when batches occurred; of earlier years too."""
    first: date = date.min
    last: date = date.max
    closed: bool = False
    """Whether the year is over, so that what is assessed once a year is scored."""
    spans: dict[bool, list[Span]] = {}
    """Spans that are over: under True the year, under False its periods."""
    begun: list[YearPeriod] = []
    """Periods that have begun, but for those that ended before the first day that counts."""
    has_begun: bool = False
    """Whether the first day that counts has come; before it, sections have no opening points."""

    @property
    def calendar(self) -> MeasureCalendar:
        """Return the measure's calendar."""
        return self.measure.calendar

    def __post_init__(self) -> None:
        self.first = self.measure.counts_from(self.year, self.readings)
        self.last = self.calendar.last_day(self.year)
        self.closed = self.through >= self.last
        year: Span = (None, *self.calendar.span(self.year)[1:])
        of_year = self.calendar.periods(self.year)
        self.has_begun = self.first <= self.through
        self.begun = [
            one for one in of_year if one.first <= self.through and self.first <= one.last
        ]
        periods: list[Span] = [(one.number, one.first, one.last) for one in of_year]
        self.spans = {
            whole: [one for one in spans if self.first <= one[2] <= self.through]
            for whole, spans in ((True, [year]), (False, periods))
        }

    def put_in_order(self) -> None:
        """Sort what was gathered by date and id, in whatever order it was recorded."""
        self.periods.sort(key=attrgetter("ends_on", "id"))
        self.notices.sort(key=attrgetter("notice.due_on", "notice.id"))
        for completions in self.completions.values():
            completions.sort(key=_by_day)
        for reports in self.information.values():
            # On most matters there is one report.
            if len(reports) > 1:
                reports.sort(key=_by_submission)


class UnitYear(Struct):
    """Facts of one unit in a year up to a day, from the entries that count."""

    id: str
    name: str
    type: str
    group: str | None = None
    first: date = date.min
    """The first day on which the unit is assessed."""
    last: date = date.max
    occurrences: defaultdict[str, list[Occurrence]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By kind, the entries dated in the year; of batches those in which it has a share."""
    liable: list[Occurrence] = []
    """Batches that it is liable for, and not only the host unit of."""
    earlier: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """By kind, what it is liable for before the year, in a special period that ended in it."""
    reports: defaultdict[str, dict[str, list[Any]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """By kind, the reports by what they are for: a month (YYYY-MM) or the id of a notice."""
    answers: dict[str, Entry] = {}
    """Its own responses, by the id of the entry that counts which they respond to."""
    submitted: defaultdict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """By kind of the measure's own, its entries up to the day, of other years too."""
    findings: dict[str, InspectionFinding] = {}
    """Of the year's inspection, by item."""
    carried: dict[int, CarriedQuarter] = {}
    """Periods published before the ledger began, by number."""

    def charged(self, kind: str) -> list[Occurrence]:
        """Return the entries of a kind that it answers for: of batches those it is liable for."""
        return self.liable if kind == BATCH else self.occurrences[kind]

    def assesses(self, day: date) -> bool:
        """Return whether the unit is assessed on a day."""
        return self.first <= day <= self.last

    def put_in_order(self) -> None:
        """Sort what was gathered by date and id, in whatever order it was recorded."""
        for kind, occurrences in self.occurrences.items():
            # Batches of one day come in the order of their times.
            order = attrgetter("entry.occurred_at", "entry.id") if kind == BATCH else _BY_ENTRY
            occurrences.sort(key=order)
        self.liable = [one for one in self.occurrences[BATCH] if one.role != "host"]
        self.earlier[BATCH].sort(key=attrgetter("occurred_at", "id"))
        for of_kind in self.reports.values():
            for reports in of_kind.values():
                # For most months there is one report.
                if len(reports) > 1:
                    reports.sort(key=attrgetter("submitted_on", "id"))
        for entries in self.submitted.values():
            entries.sort(key=_by_day)


BATCH = "petition_batch"
_BY_ENTRY = attrgetter("day", "entry.id")


def _by_submission(of: tuple[str, InformationReport]) -> tuple[datetime, str]:
    return of[1].submitted_at, of[1].id


def _by_day(entry: Entry) -> tuple[date, str]:
    return entry.day() or date.min, entry.id
