"""The facts of an assessment year, by unit: what its clauses look at, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from projections.calendar import first_day, last_day, year_of

if TYPE_CHECKING:
    from datetime import date

    from ledger.entries import (
        CaseReport,
        Commendation,
        Criticism,
        InformationReport,
        InspectionFinding,
        Notice,
        OnSiteResponse,
        PetitionBatch,
        ResearchSite,
        ScreeningReport,
        SpecialPeriod,
        SupervisedCase,
        YellowCard,
    )


class Resolution(NamedTuple):
    """That a supervised case was resolved: by which entry, on which day."""

    id: str
    resolved_on: date


class NoticeDue(NamedTuple):
    """A notice that fell due, and the units that owe a report for it (None: every unit)."""

    notice: Notice
    units: frozenset[str] | None


@dataclass(slots=True)
class TownYear:
    """What holds for every unit in a year, seen at the close of the day `through`."""

    year: int
    through: date
    readings: dict[str, str]
    """Every reading of the measure with the value in force."""
    rulings: dict[str, str] = field(default_factory=dict)
    """Of each reading that was ruled on, the id of the ruling."""
    periods: list[SpecialPeriod] = field(default_factory=list)
    """Special periods that ended in the year, by now."""
    notices: list[NoticeDue] = field(default_factory=list)
    """Notices that fell due in the year, by now."""
    resolutions: dict[str, list[Resolution]] = field(default_factory=dict)
    """Of each supervised case its resolutions."""
    collective_from: int = field(init=False)
    """The headcount from which a batch is collective (集体上访)."""
    closed: bool = field(init=False)
    """Whether the year's items are scored: once its last day is over."""

    def __post_init__(self) -> None:
        self.collective_from = int(self.readings["collective_from"])
        self.closed = self.through >= last_day(self.year)


@dataclass(slots=True)
class UnitYear:
    """What is known of one unit in a year, seen at the close of a day; entries that count only."""

    id: str
    name: str
    screening: dict[str, list[ScreeningReport]] = field(default_factory=dict)
    """By month (YYYY-MM)."""
    on_notice: dict[str, list[ScreeningReport]] = field(default_factory=dict)
    """Screening reports by the id of the notice that asked for them."""
    case_reports: dict[str, list[CaseReport]] = field(default_factory=dict)
    """By month (YYYY-MM)."""
    information: dict[str, list[InformationReport]] = field(default_factory=dict)
    """By matter; of earlier years too."""
    batches: list[PetitionBatch] = field(default_factory=list)
    """Of the year, for which the unit is liable."""
    hosted: list[PetitionBatch] = field(default_factory=list)
    """Of the year, for which it is the host unit and another is liable."""
    apart: set[str] = field(default_factory=set)
    """Ids of its batches whose people belong to another unit (人事分离)."""
    earlier_batches: list[PetitionBatch] = field(default_factory=list)
    """For which it is liable, before the year but within a special period that ended in it."""
    responses: dict[str, OnSiteResponse] = field(default_factory=dict)
    """Its own responses, by the id of the batch that counts."""
    commendations: list[Commendation] = field(default_factory=list)
    research_sites: list[ResearchSite] = field(default_factory=list)
    supervised_cases: list[SupervisedCase] = field(default_factory=list)
    """Those that fell due in the year, by now."""
    criticisms: list[Criticism] = field(default_factory=list)
    yellow_cards: list[YellowCard] = field(default_factory=list)
    findings: dict[str, InspectionFinding] = field(default_factory=dict)
    """Of the year's inspection, by item."""

    def in_order(self) -> None:
        """Sorts every list by date and id, whatever order the entries were recorded in."""
        dated: list[tuple[list[Any], str]] = [
            *((batches, "occurred_at") for batches in self._all_batches()),
            *((reports, "submitted_on") for reports in self.screening.values()),
            *((reports, "submitted_on") for reports in self.on_notice.values()),
            *((reports, "submitted_on") for reports in self.case_reports.values()),
            *((reports, "submitted_at") for reports in self.information.values()),
            (self.commendations, "issued_on"),
            (self.research_sites, "held_on"),
            (self.supervised_cases, "due_on"),
            (self.criticisms, "issued_on"),
            (self.yellow_cards, "issued_on"),
        ]
        for entries, day in dated:
            if len(entries) > 1:
                entries.sort(key=attrgetter(day, "id"))

    def _all_batches(self) -> tuple[list[PetitionBatch], ...]:
        return self.batches, self.hosted, self.earlier_batches


def in_year(day: date, year: int, through: date) -> bool:
    """Whether something dated so has happened in the year by the close of `through`."""
    return day <= through and year_of(day) == year


def before_year(day: date, year: int) -> bool:
    """Whether a day lies before the year."""
    return day < first_day(year)
