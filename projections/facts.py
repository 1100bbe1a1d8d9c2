"""The facts of an assessment year, by unit: all that the clauses read.

Lists of entries are in the order of their dates and ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct

from ledger.entries import OnSiteResponse, PetitionBatch
from projections.calendar import last_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.entries import (
        CaseReport,
        Commendation,
        Criticism,
        InformationReport,
        InspectionFinding,
        Notice,
        ResearchSite,
        ScreeningReport,
        SpecialPeriod,
        SupervisedCase,
        YellowCard,
    )


class Resolution(NamedTuple):
    """The resolution of a supervised case: its entry and its day."""

    id: str
    resolved_on: date


class NoticeDue(NamedTuple):
    """A notice that fell due; the units that owe a report for it (None: all)."""

    notice: Notice
    units: frozenset[str] | None


Role = Literal["alone", "liable", "host"]
"""A unit's part in a batch: liable or host unit where person and problem are apart (人事分离)."""


class Visit(Struct, frozen=True, gc=False):
    """A petition batch as it concerns one unit."""

    batch: PetitionBatch
    quarter: int
    role: Role
    response: OnSiteResponse | None
    """The unit's own response."""


@dataclass(slots=True)
class TownYear:
    """Facts that all units of the town share, as of the close of `through`."""

    year: int
    through: date
    readings: dict[str, str]
    """Every reading of the measure with the value in force."""
    rulings: dict[str, str] = field(default_factory=dict)
    """The id of the ruling on each reading that was ruled on."""
    periods: list[SpecialPeriod] = field(default_factory=list)
    """Special periods that ended in the year, by now."""
    notices: list[NoticeDue] = field(default_factory=list)
    """Notices that fell due in the year, by now."""
    resolutions: dict[str, list[Resolution]] = field(default_factory=dict)
    """The resolutions of each supervised case."""
    closed: bool = field(init=False)
    """Whether the year is over, so that what is assessed once a year is scored."""

    def __post_init__(self) -> None:
        self.closed = self.through >= last_day(self.year)

    def put_in_order(self) -> None:
        """Sort what was gathered by date and id, in whatever order it was recorded."""
        self.periods.sort(key=attrgetter("ends_on", "id"))
        self.notices.sort(key=attrgetter("notice.due_on", "notice.id"))
        for resolutions in self.resolutions.values():
            resolutions.sort(key=attrgetter("resolved_on", "id"))


@dataclass(slots=True)
class UnitYear:
    """Facts of one unit in a year up to a day, from the entries that count."""

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
    responses: dict[str, OnSiteResponse] = field(default_factory=dict)
    """Its own responses, by the id of the batch that counts."""
    visits: list[Visit] = field(default_factory=list)
    """Batches of the year in which the unit has a share."""
    liable: list[Visit] = field(default_factory=list)
    """Those that it is liable for, and not only the host unit of."""
    earlier_batches: list[PetitionBatch] = field(default_factory=list)
    """Batches that it is liable for, before the year, in a special period that ended in it."""
    commendations: list[Commendation] = field(default_factory=list)
    research_sites: list[ResearchSite] = field(default_factory=list)
    supervised_cases: list[SupervisedCase] = field(default_factory=list)
    """Those that fell due in the year, by now."""
    criticisms: list[Criticism] = field(default_factory=list)
    yellow_cards: list[YellowCard] = field(default_factory=list)
    findings: dict[str, InspectionFinding] = field(default_factory=dict)
    """Of the year's inspection, by item."""

    def put_in_order(self) -> None:
        """Sort what was gathered by date and id, in whatever order it was recorded."""
        self.visits.sort(key=attrgetter("batch.occurred_at", "batch.id"))
        self.liable = [visit for visit in self.visits if visit.role != "host"]
        dated: list[tuple[Iterable[list[Any]], str]] = [
            ([self.earlier_batches], "occurred_at"),
            (self.screening.values(), "submitted_on"),
            (self.on_notice.values(), "submitted_on"),
            (self.case_reports.values(), "submitted_on"),
            (self.information.values(), "submitted_at"),
            ([self.commendations, self.criticisms, self.yellow_cards], "issued_on"),
            ([self.research_sites], "held_on"),
            ([self.supervised_cases], "due_on"),
        ]
        for lists, day in dated:
            for entries in lists:
                # Of most months and matters there is one report.
                if len(entries) > 1:
                    entries.sort(key=attrgetter(day, "id"))
