"""Entries that await verification (核定) and objections that await a decision, by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import InspectionFinding, PetitionBatch, Reversal
from projections.effective import Effective
from projections.occurrence import day_of, year_of_entry
from projections.postings import OpenPoint

if TYPE_CHECKING:
    from datetime import date

    from ledger.entries import Entry
    from ledger.register import Register

CLAUSE_OF_KIND = {
    "screening_report": "screening",
    "case_report": "case-reports",
    "information_report": "information",
    "petition_batch": "abnormal-petitions",
    "on_site_response": "abnormal-petitions",
    "special_period": "special-period",
    "notice": "screening",
    "commendation": "commendation",
    "research_site": "research-site",
    "supervised_case": "supervised-cases",
    "case_resolution": "supervised-cases",
    "criticism": "criticism",
    "yellow_card": "yellow-card",
}
"""The clause that an entry of a kind is first of all looked at by."""


def clause_of(entry: Entry) -> str | None:
    """The slug of the clause that an entry is looked at by; None for units and rulings."""
    if isinstance(entry, InspectionFinding):
        return f"inspection-{entry.item}"
    return CLAUSE_OF_KIND.get(entry.KIND)


def unverified(
    register: Register, year: int, through: date, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """By unit, the entries dated in the year and by the day that nobody has verified yet.

    A batch stands under its liable and its host unit, a reversal under the units of what it
    takes back.
    """
    effective = Effective(register, provisional=provisional)
    waiting: dict[str, list[OpenPoint]] = {}
    for life in register.lives.values():
        if life.verified is not None or effective.taken_back(life):
            continue
        subject: Entry | None = life.entry
        if isinstance(subject, Reversal):
            reversed_life = register.get(subject.of)
            subject = None if reversed_life is None else reversed_life.entry
        if subject is None or not _in_view(subject, register, effective, year, through):
            continue
        point = OpenPoint("unverified", life.entry.id, clause_of(subject))
        for unit in _units_of(subject):
            waiting.setdefault(effective.referred(unit), []).append(point)
    return waiting


def objected(
    register: Register, year: int, through: date, *, provisional: bool = False
) -> dict[str, list[OpenPoint]]:
    """By unit, the objections that the office has not decided, to what lies in the year."""
    effective = Effective(register, provisional=provisional)
    waiting: dict[str, list[OpenPoint]] = {}
    for objection in register.objections.values():
        event = objection.event
        life = None if event.entry is None else register.get(event.entry)
        in_view = (
            event.period is not None and event.period.startswith(str(year))
            if life is None
            else _in_view(life.entry, register, effective, year, through)
        )
        if objection.decided is None and in_view:
            clause = event.clause if life is None else clause_of(life.entry)
            unit = effective.referred(event.unit)
            waiting.setdefault(unit, []).append(OpenPoint("objection", objection.id, clause))
    return waiting


def _in_view(
    entry: Entry, register: Register, effective: Effective, year: int, through: date
) -> bool:
    if year_of_entry(entry, register, effective) != year:
        return False
    if isinstance(entry, InspectionFinding):
        return True
    day = day_of(entry, register, effective)
    return day is not None and day <= through


def _units_of(entry: Entry) -> list[str]:
    units = [getattr(entry, "unit", None)]
    if isinstance(entry, PetitionBatch):
        units.append(entry.host_unit)
    return [unit for unit in dict.fromkeys(units) if unit is not None]
