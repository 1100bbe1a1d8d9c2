"""The 18 kinds of entries that the office records, each checked once, at the door."""

from __future__ import annotations

from ledger.entries.base import Entry
from ledger.entries.inspection import InspectionFinding
from ledger.entries.own import MeasureEntry
from ledger.entries.petitions import OnSiteResponse, PetitionBatch
from ledger.entries.recognition import (
    CaseResolution,
    Commendation,
    Criticism,
    ResearchSite,
    SupervisedCase,
    YellowCard,
)
from ledger.entries.register import CarriedQuarter, Notice, Ruling, SpecialPeriod, Unit
from ledger.entries.reports import CaseReport, InformationReport, ScreeningReport
from ledger.entries.reversal import Reversal

BuiltIn = (
    Unit
    | SpecialPeriod
    | Notice
    | Ruling
    | ScreeningReport
    | CaseReport
    | InformationReport
    | PetitionBatch
    | OnSiteResponse
    | Commendation
    | ResearchSite
    | SupervisedCase
    | CaseResolution
    | Criticism
    | YellowCard
    | InspectionFinding
    | CarriedQuarter
    | Reversal
)

AnyEntry = BuiltIn | MeasureEntry
"""Every class that is stored."""

ENTRY_TYPES: tuple[type[Entry], ...] = BuiltIn.__args__
"""The kinds that every ledger has, in the contract's order."""

BY_KIND: dict[str, type[Entry]] = {entry_type.KIND: entry_type for entry_type in ENTRY_TYPES}

STORED: dict[str, type[Entry]] = {**BY_KIND, MeasureEntry.KIND: MeasureEntry}
"""By tag, every class that is stored."""

__all__ = [
    "BY_KIND",
    "ENTRY_TYPES",
    "STORED",
    "AnyEntry",
    "BuiltIn",
    "CarriedQuarter",
    "CaseReport",
    "CaseResolution",
    "Commendation",
    "Criticism",
    "Entry",
    "InformationReport",
    "InspectionFinding",
    "MeasureEntry",
    "Notice",
    "OnSiteResponse",
    "PetitionBatch",
    "ResearchSite",
    "Reversal",
    "Ruling",
    "ScreeningReport",
    "SpecialPeriod",
    "SupervisedCase",
    "Unit",
    "YellowCard",
]
