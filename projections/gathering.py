"""Gathering the facts of a year from the entries that count, in one pass over the state."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from projections.effective import Effective
from projections.facts import NoticeDue, Resolution, TownYear, UnitYear, before_year, in_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ledger.entries import (
        CaseReport,
        CaseResolution,
        Commendation,
        Criticism,
        Entry,
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
    from ledger.state import LedgerState
    from projections.rulebook import Rulebook


def gather(
    state: LedgerState,
    rulebook: Rulebook,
    year: int,
    through: date,
    *,
    provisional: bool = False,
) -> tuple[TownYear, list[UnitYear]]:
    """The facts of a year: of the town, and of each unit in the order of their ids.

    Args:
        state: the ledger up to the position that is asked about.
        rulebook: for the readings in force.
        year: the assessment year.
        through: the day at whose close it is seen; what is dated after it has not happened.
        provisional: whether unverified entries count too.
    """
    effective = Effective(state, provisional=provisional)
    by_kind = defaultdict[str, list["Entry"]](list)
    for _, entry in effective.entries():
        by_kind[entry.KIND].append(entry)
    gathering = _Gathering(state, effective, rulebook, by_kind, year, through)
    for kind, take in gathering.takers().items():
        for entry in by_kind.get(kind, []):
            take(entry)
    for unit in gathering.units.values():
        unit.in_order()
    return gathering.town, sorted(gathering.units.values(), key=lambda unit: unit.id)


class _Gathering:
    """The pass itself: one method a kind of entry, each putting it where its clauses look."""

    def __init__(
        self,
        state: LedgerState,
        effective: Effective,
        rulebook: Rulebook,
        by_kind: dict[str, list[Any]],
        year: int,
        through: date,
    ) -> None:
        self._state = state
        self._standing = effective.standing
        self._year, self._through = year, through
        rulings = {
            ruling.reading: ruling
            for ruling in self._one_each(
                [ruling for ruling in by_kind.get("ruling", []) if ruling.year == year],
                lambda ruling: ruling.reading,
            )
        }
        self.town = TownYear(
            year,
            through,
            rulebook.in_force({name: ruling.value for name, ruling in rulings.items()}),
            {name: ruling.id for name, ruling in rulings.items()},
        )
        self.units = {unit.id: UnitYear(unit.id, unit.name) for unit in by_kind.get("unit", [])}

    def takers(self) -> dict[str, Callable[[Any], None]]:
        """By kind, in the order in which they need each other."""
        return {
            "special_period": self._special_period,
            "notice": self._notice,
            "screening_report": self._screening_report,
            "case_report": self._case_report,
            "information_report": self._information_report,
            "petition_batch": self._petition_batch,
            "on_site_response": self._on_site_response,
            "commendation": self._commendation,
            "research_site": self._research_site,
            "supervised_case": self._supervised_case,
            "case_resolution": self._case_resolution,
            "criticism": self._criticism,
            "yellow_card": self._yellow_card,
            "inspection_finding": self._inspection_finding,
        }

    def _unit(self, unit_id: str | None) -> UnitYear | None:
        """The unit that counts under an id; None where none does."""
        if unit_id is None:
            return None
        found = self.units.get(unit_id)
        if found is not None:
            return found
        standing = self._standing(unit_id)
        return None if standing is None else self.units.get(standing)

    def _happened(self, day: date) -> bool:
        return in_year(day, self._year, self._through)

    def _one_each(self, entries: list[Any], key: Callable[[Any], object]) -> list[Any]:
        """One entry for each key.

        Two count at once only while the reversal of the first awaits verification: the
        first stands until then.
        """

        def standing(entry: Any) -> tuple[bool, int]:
            life = self._state.entries[entry.id]
            return life.reversed is None, life.recorded.position

        first: dict[object, Any] = {}
        for entry in sorted(entries, key=standing):
            first.setdefault(key(entry), entry)
        return list(first.values())

    def _special_period(self, period: SpecialPeriod) -> None:
        if self._happened(period.ends_on):
            self.town.periods.append(period)
            self.town.periods.sort(key=lambda period: (period.ends_on, period.id))

    def _notice(self, notice: Notice) -> None:
        if self._happened(notice.due_on):
            named = [self._unit(unit_id) for unit_id in notice.units or ()]
            units = None if notice.units is None else frozenset(u.id for u in named if u)
            self.town.notices.append(NoticeDue(notice, units))
            self.town.notices.sort(key=lambda due: (due.notice.due_on, due.notice.id))

    def _screening_report(self, report: ScreeningReport) -> None:
        unit = self._unit(report.unit)
        if unit is None or report.submitted_on > self._through:
            return
        notice = None if report.notice is None else self._standing(report.notice)
        if report.month is not None:
            unit.screening.setdefault(report.month, []).append(report)
        elif notice is not None:
            unit.on_notice.setdefault(notice, []).append(report)

    def _case_report(self, report: CaseReport) -> None:
        unit = self._unit(report.unit)
        if unit is not None and report.submitted_on <= self._through:
            unit.case_reports.setdefault(report.month, []).append(report)

    def _information_report(self, report: InformationReport) -> None:
        unit = self._unit(report.unit)
        if unit is not None and report.submitted_at.date() <= self._through:
            for matter in dict.fromkeys(report.matters):
                unit.information.setdefault(matter, []).append(report)

    def _petition_batch(self, batch: PetitionBatch) -> None:
        day = batch.occurred_at.date()
        liable, host = self._unit(batch.unit), self._unit(batch.host_unit)
        if self._happened(day):
            if liable is not None:
                liable.batches.append(batch)
                if batch.host_unit is not None and host is not liable:
                    liable.apart.add(batch.id)
            if host is not None and host is not liable:
                host.hosted.append(batch)
        elif (
            liable is not None
            and before_year(day, self._year)
            and any(period.starts_on <= day for period in self.town.periods)
        ):
            liable.earlier_batches.append(batch)

    def _on_site_response(self, response: OnSiteResponse) -> None:
        unit, batch = self._unit(response.unit), self._standing(response.batch)
        if unit is None or batch is None:
            return
        known = unit.responses.get(batch)
        unit.responses[batch] = (
            response if known is None else self._one_each([known, response], lambda _: None)[0]
        )

    def _commendation(self, commendation: Commendation) -> None:
        unit = self._unit(commendation.unit)
        if unit is not None and self._happened(commendation.issued_on):
            unit.commendations.append(commendation)

    def _research_site(self, site: ResearchSite) -> None:
        unit = self._unit(site.unit)
        if unit is not None and self._happened(site.held_on):
            unit.research_sites.append(site)

    def _supervised_case(self, case: SupervisedCase) -> None:
        unit = self._unit(case.unit)
        if unit is not None and self._happened(case.due_on):
            unit.supervised_cases.append(case)

    def _case_resolution(self, resolution: CaseResolution) -> None:
        case = self._standing(resolution.case)
        if case is not None and resolution.resolved_on <= self._through:
            found = self.town.resolutions.setdefault(case, [])
            found.append(Resolution(resolution.id, resolution.resolved_on))
            found.sort(key=lambda one: (one.resolved_on, one.id))

    def _criticism(self, criticism: Criticism) -> None:
        unit = self._unit(criticism.unit)
        if unit is not None and self._happened(criticism.issued_on):
            unit.criticisms.append(criticism)

    def _yellow_card(self, card: YellowCard) -> None:
        unit = self._unit(card.unit)
        if unit is not None and self._happened(card.issued_on):
            unit.yellow_cards.append(card)

    def _inspection_finding(self, finding: InspectionFinding) -> None:
        unit = self._unit(finding.unit)
        if unit is not None and finding.year == self._year:
            known = unit.findings.get(finding.item)
            unit.findings[finding.item] = (
                finding if known is None else self._one_each([known, finding], lambda _: None)[0]
            )
