"""Gather the facts of a year from the entries that count, kind by kind."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from projections.calendar import first_day, last_day, quarter_of
from projections.effective import Effective
from projections.facts import NoticeDue, Resolution, Role, TownYear, UnitYear, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from ledger.entries import (
        CaseReport,
        CaseResolution,
        Entry,
        InformationReport,
        InspectionFinding,
        Notice,
        OnSiteResponse,
        PetitionBatch,
        Ruling,
        ScreeningReport,
        SpecialPeriod,
    )
    from ledger.state import LedgerState
    from projections.rulebook import Rulebook

Key = TypeVar("Key")
AnEntry = TypeVar("AnEntry", bound="Entry")

_LISTED = {
    "commendation": "commendations",
    "research_site": "research_sites",
    "supervised_case": "supervised_cases",
    "criticism": "criticisms",
    "yellow_card": "yellow_cards",
}
"""By kind, the facts that list a unit's entries dated in the year."""


def gather(
    state: LedgerState,
    rulebook: Rulebook,
    year: int,
    through: date,
    *,
    provisional: bool = False,
) -> tuple[TownYear, list[UnitYear]]:
    """Return a year's facts: of the town, and of each unit in the order of ids.

    Args:
        state: the ledger up to a position.
        rulebook: for the readings in force.
        year: the assessment year.
        through: the last day that counts; entries dated after it do not.
        provisional: whether unverified entries count too.
    """
    effective = Effective(state, provisional=provisional)
    by_kind = defaultdict[str, list[Any]](list)
    for _, entry in effective.entries():
        by_kind[entry.KIND].append(entry)
    gathering = _Gathering(state, effective, by_kind, year, through)
    town = gathering.town(rulebook)
    units = [UnitYear(unit.id, unit.name) for unit in by_kind["unit"]]
    units.sort(key=attrgetter("id"))
    gathering.fill(town, _Units(units, effective.standing))
    town.put_in_order()
    for unit in units:
        unit.put_in_order()
    return town, units


class _Units(dict[str | None, UnitYear | None]):
    """Units by their ids and by the ids of the entries that they replaced."""

    def __init__(self, units: Iterable[UnitYear], standing: Callable[[str], str | None]) -> None:
        super().__init__({unit.id: unit for unit in units})
        self._standing = standing

    def __missing__(self, name: str | None) -> UnitYear | None:
        unit_id = None if name is None else self._standing(name)
        self[name] = None if unit_id is None else self.get(unit_id)
        return self[name]


class _Gathering:
    """Sorts the entries of each kind into the facts of the town and of its units."""

    def __init__(
        self,
        state: LedgerState,
        effective: Effective,
        by_kind: defaultdict[str, list[Any]],
        year: int,
        through: date,
    ) -> None:
        self._entry_states, self._standing, self._by_kind = (
            state.entries,
            effective.standing,
            by_kind,
        )
        self._year, self._through = year, through
        self._first, self._last = first_day(year), min(last_day(year), through)

    def town(self, rulebook: Rulebook) -> TownYear:
        """Return the year with the readings in force."""
        rulings: dict[str, Ruling] = {}
        for ruling in self._by_kind["ruling"]:
            if ruling.year == self._year:
                self._keep_one(rulings, ruling.reading, ruling)
        return TownYear(
            self._year,
            self._through,
            rulebook.in_force({name: ruling.value for name, ruling in rulings.items()}),
            {name: ruling.id for name, ruling in rulings.items()},
        )

    def fill(self, town: TownYear, units: _Units) -> None:
        """Add every entry to the facts of the town or of its unit."""
        of = self._by_kind
        self._periods(of["special_period"], town)
        self._notices(of["notice"], town, units)
        self._screening_reports(of["screening_report"], units)
        self._case_reports(of["case_report"], units)
        self._information_reports(of["information_report"], units)
        self._responses(of["on_site_response"], units)
        self._batches(of["petition_batch"], town, units)
        self._resolutions(of["case_resolution"], town)
        self._findings(of["inspection_finding"], units)
        for kind, name in _LISTED.items():
            for entry in of[kind]:
                unit = units[entry.unit]
                if unit is not None and self._happened(entry.day()):
                    getattr(unit, name).append(entry)

    def _happened(self, day: date) -> bool:
        return self._first <= day <= self._last

    def _keep_one(self, kept: dict[Key, AnEntry], key: Key, entry: AnEntry) -> None:
        """Keep one entry for each key.

        Two count at once only while the reversal of the first awaits verification: the first is
        kept until then.
        """
        first = kept.setdefault(key, entry)
        if first is not entry:
            kept[key] = min(first, entry, key=self._order)

    def _order(self, entry: Entry) -> tuple[bool, int]:
        entry_state = self._entry_states[entry.id]
        return entry_state.reversed is None, entry_state.recorded.position

    def _periods(self, periods: list[SpecialPeriod], town: TownYear) -> None:
        town.periods += [period for period in periods if self._happened(period.ends_on)]

    def _notices(self, notices: list[Notice], town: TownYear, units: _Units) -> None:
        for notice in notices:
            if self._happened(notice.due_on):
                named = [units[name] for name in notice.units or ()]
                owing = None if notice.units is None else frozenset(u.id for u in named if u)
                town.notices.append(NoticeDue(notice, owing))

    def _screening_reports(self, reports: list[ScreeningReport], units: _Units) -> None:
        for report in reports:
            unit = units[report.unit]
            if unit is None or report.submitted_on > self._through:
                continue
            notice = None if report.notice is None else self._standing(report.notice)
            if report.month is not None:
                unit.screening.setdefault(report.month, []).append(report)
            elif notice is not None:
                unit.on_notice.setdefault(notice, []).append(report)

    def _case_reports(self, reports: list[CaseReport], units: _Units) -> None:
        for report in reports:
            unit = units[report.unit]
            if unit is not None and report.submitted_on <= self._through:
                unit.case_reports.setdefault(report.month, []).append(report)

    def _information_reports(self, reports: list[InformationReport], units: _Units) -> None:
        for report in reports:
            unit = units[report.unit]
            if unit is not None and report.submitted_at.date() <= self._through:
                for matter in dict.fromkeys(report.matters):
                    unit.information.setdefault(matter, []).append(report)

    def _batches(self, batches: list[PetitionBatch], town: TownYear, units: _Units) -> None:
        first, last = self._first, self._last
        # A batch of an earlier year may lie in a special period that ended in this one.
        since = min([first, *[period.starts_on for period in town.periods]])
        for batch in batches:
            day = batch.occurred_at.date()
            if not since <= day <= last:
                continue
            liable, host = units[batch.unit], units[batch.host_unit]
            if day < first:
                if liable is not None:
                    liable.earlier_batches.append(batch)
                continue
            name, quarter = batch.id, quarter_of(day)
            if liable is not None:
                role: Role = "liable"
                if batch.host_unit is None or host is liable:
                    role = "alone"
                visit = Visit(batch, quarter, role, liable.responses.get(name))
                liable.visits.append(visit)
            if host is not None and host is not liable:
                visit = Visit(batch, quarter, "host", host.responses.get(name))
                host.visits.append(visit)

    def _responses(self, responses: list[OnSiteResponse], units: _Units) -> None:
        for response in responses:
            unit, batch = units[response.unit], self._standing(response.batch)
            if unit is not None and batch is not None:
                self._keep_one(unit.responses, batch, response)

    def _resolutions(self, resolutions: list[CaseResolution], town: TownYear) -> None:
        for resolution in resolutions:
            case = self._standing(resolution.case)
            if case is not None and resolution.resolved_on <= self._through:
                of_case = town.resolutions.setdefault(case, [])
                of_case.append(Resolution(resolution.id, resolution.resolved_on))

    def _findings(self, findings: list[InspectionFinding], units: _Units) -> None:
        for finding in findings:
            unit = units[finding.unit]
            if unit is not None and finding.year == self._year:
                self._keep_one(unit.findings, finding.item, finding)
