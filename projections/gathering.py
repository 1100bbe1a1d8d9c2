"""Gather the facts of a year from the entries that count, kind by kind."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.entries import MeasureEntry
from projections.effective import Effective
from projections.facts import BATCH, NoticeDue, Occurrence, Role, TownYear, UnitYear
from projections.known import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.entries import (
        CarriedQuarter,
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
        Unit,
    )
    from ledger.state import LedgerState
    from projections.measure import Measure

Key = TypeVar("Key")
AnEntry = TypeVar("AnEntry", bound="Entry")

DATED = ("commendation", "research_site", "supervised_case", "criticism", "yellow_card")
"""Kinds whose entries concern one unit and are dated themselves."""


def gather(
    state: LedgerState,
    measure: Measure,
    year: int,
    through: date,
    *,
    provisional: bool = False,
    readings: dict[str, str] | None = None,
) -> tuple[TownYear, list[UnitYear]]:
    """Return a year's facts: of the town, and of each assessed unit in the order of ids.

    Args:
        state: the ledger up to a position.
        measure: for its calendar and the readings in force.
        year: the assessment year.
        through: the last day that counts; entries dated after it do not.
        provisional: whether unverified entries count too.
        readings: those in force, instead of those that the rulings of the state give.
    """
    effective = Effective(state, provisional=provisional)
    by_kind = defaultdict[str, list[Any]](list)
    own = list[MeasureEntry]()
    for _, entry in effective.entries():
        if type(entry) is MeasureEntry:
            own.append(entry)
        else:
            by_kind[entry.KIND].append(entry)
    gathering = _Gathering(state, effective, by_kind, measure, year, through, readings)
    town = gathering.town
    by_root = gathering.units(town)
    units = sorted(by_root.values(), key=attrgetter("id"))
    by_id = {unit.id: by_root.get(state.root(unit.id)) for unit in by_kind["unit"]}
    gathering.fill(town, _Units(by_id, effective.standing), own)
    town.put_in_order()
    for unit_year in units:
        unit_year.put_in_order()
    return town, units


class _Units(dict[str | None, UnitYear | None]):
    """Units by their ids and by the ids of the entries that they replaced."""

    def __init__(
        self, units: Mapping[str, UnitYear | None], standing: Callable[[str], str | None]
    ) -> None:
        super().__init__(units.items())
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
        measure: Measure,
        year: int,
        through: date,
        readings: dict[str, str] | None,
    ) -> None:
        self._state, self._entry_states = state, state.entries
        self._by_kind, self._measure = by_kind, measure
        self._standing, self._period_of = effective.standing, measure.calendar.period_of
        self._year, self._through = year, through
        rulings: dict[str, Ruling] = {}
        for ruling in by_kind["ruling"]:
            if ruling.year == year:
                self._keep_one(rulings, ruling.reading, ruling)
        if readings is None:
            readings = measure.in_force({name: one.value for name, one in rulings.items()})
        ids = {name: ruling.id for name, ruling in rulings.items()}
        self.town = TownYear(year, through, readings, measure, ids)
        self._first, self._last = self.town.first, min(self.town.last, through)

    def units(self, town: TownYear) -> dict[str, UnitYear]:
        """Return the units assessed in the year by their first ids, which corrections keep.

        The measure assesses the types of units that it declares.
        """
        kept: dict[str, Unit] = {}
        assessed = frozenset(self._measure.unit_types())
        for unit in self._by_kind["unit"]:
            self._keep_one(kept, self._state.root(unit.id), unit)
        found = {}
        for unit_id, unit in kept.items():
            if unit.type not in assessed:
                continue
            made = UnitYear(unit_id, unit.name, unit.type, unit.group)
            made.first, made.last = unit.assessed_from or date.min, unit.assessed_until or date.max
            if made.first <= town.last and made.last >= town.first:
                found[unit_id] = made
        return found

    def fill(self, town: TownYear, units: _Units, own: list[MeasureEntry]) -> None:
        """Add every entry to the facts of the town or of its unit."""
        of = self._by_kind
        self._periods(of["special_period"], town)
        self._notices(of["notice"], town, units)
        self._screening_reports(of["screening_report"], units)
        self._case_reports(of["case_report"], units)
        self._information_reports(of["information_report"], town)
        self._responses(of["on_site_response"], units)
        self._batches(of[BATCH], town, units)
        self._resolutions(of["case_resolution"], town)
        self._findings(of["inspection_finding"], units)
        self._carried(of["carried_quarter"], units)
        for kind in DATED:
            for entry in of[kind]:
                self._occurred(kind, entry, entry.day(), units)
        self._own(own, town, units)

    def _happened(self, day: date) -> bool:
        return self._first <= day <= self._last

    def _occurred(self, kind: str, entry: Any, day: date, units: _Units) -> None:
        unit = units[entry.unit]
        if unit is not None and self._happened(day) and unit.assesses(day):
            answer = unit.answers.get(entry.id)
            occurrence = Occurrence(entry, day, self._period_of(day), "alone", answer)
            unit.occurrences[kind].append(occurrence)

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
            of = report.month
            if of is None and report.notice is not None:
                of = self._standing(report.notice)
            if of is not None:
                unit.reports["screening_report"].setdefault(of, []).append(report)

    def _case_reports(self, reports: list[CaseReport], units: _Units) -> None:
        for report in reports:
            unit = units[report.unit]
            if unit is not None and report.submitted_on <= self._through:
                unit.reports["case_report"].setdefault(report.month, []).append(report)

    def _information_reports(self, reports: list[InformationReport], town: TownYear) -> None:
        # The host unit of a batch may report without being assessed itself.
        root, through = self._state.root, self._through
        ids = {name: root(name) for name in {report.unit for report in reports}}
        information = town.information
        for report in reports:
            if report.submitted_at.date() <= through:
                unit_id, matters = ids[report.unit], report.matters
                for matter in matters if len(matters) == 1 else dict.fromkeys(matters):
                    information.setdefault(matter, []).append((unit_id, report))

    def _batches(self, batches: list[PetitionBatch], town: TownYear, units: _Units) -> None:
        first, last, root = self._first, self._last, self._state.root
        information, times, periods = town.information, town.batch_times, Known(self._period_of)
        # A batch of an earlier year may lie in a special period that ended in this one.
        since = min([first, *[period.starts_on for period in town.periods]])
        for batch in batches:
            occurred, host_name, matter = batch.occurred_at, batch.host_unit, batch.matter
            day = occurred.date()
            if day > last:
                continue
            if matter in information:
                times.setdefault(matter, []).append(occurred)
            if day < since:
                continue
            liable = units[batch.unit]
            if day < first:
                if liable is not None and liable.assesses(day):
                    liable.earlier[BATCH].append(batch)
                continue
            name, period = batch.id, periods[day]
            role: Role = "alone"
            host = host_id = None
            if host_name is not None:
                host, host_id = units[host_name], root(host_name)
                role = "alone" if host is liable else "liable"
            if liable is not None and liable.first <= day <= liable.last:
                answer = liable.answers.get(name)
                occurrence = Occurrence(batch, day, period, role, answer, host_id)
                liable.occurrences[BATCH].append(occurrence)
            if host is not None and host is not liable and host.assesses(day):
                answer = host.answers.get(name)
                host.occurrences[BATCH].append(Occurrence(batch, day, period, "host", answer))

    def _responses(self, responses: list[OnSiteResponse], units: _Units) -> None:
        for response in responses:
            unit, batch = units[response.unit], self._standing(response.batch)
            if unit is not None and batch is not None:
                self._keep_one(unit.answers, batch, response)

    def _resolutions(self, resolutions: list[CaseResolution], town: TownYear) -> None:
        for resolution in resolutions:
            case = self._standing(resolution.case)
            if case is not None and resolution.resolved_on <= self._through:
                town.completions.setdefault(case, []).append(resolution)

    def _findings(self, findings: list[InspectionFinding], units: _Units) -> None:
        for finding in findings:
            unit = units[finding.unit]
            if unit is not None and finding.year == self._year:
                self._keep_one(unit.findings, finding.item, finding)

    def _carried(self, carried: list[CarriedQuarter], units: _Units) -> None:
        for one in carried:
            unit, named = units[one.unit], self._measure.calendar.named(one.period)
            if unit is not None and named is not None and named[0] == self._year:
                self._keep_one(unit.carried, named[1], one)

    def _own(self, own: list[MeasureEntry], town: TownYear, units: _Units) -> None:
        """Sort the entries of the measure's own kinds; first those that refer to others."""
        for entry in own:
            for _, named, kind in entry.references():
                if kind == "unit":
                    continue
                target, unit = self._standing(named), units[entry.unit]
                day = entry.day()
                if target is None or unit is None or (day is not None and day > self._through):
                    continue
                self._keep_one(unit.answers, target, entry)
                if units[getattr(self._entry_states[target].entry, "unit", None)] is unit:
                    # What another unit did settles nothing.
                    town.completions.setdefault(target, []).append(entry)
        last = town.last
        for entry in own:
            day, unit = entry.day(), units[entry.unit]
            if self._measure.year_named(entry) == self._year:
                # An entry that names its assessment year counts once the year is over.
                day = last
            if unit is not None and day is not None and day <= self._through:
                unit.submitted[entry.KIND].append(entry)
                self._occurred(entry.KIND, entry, day, units)
