"""The 17 kinds of entries that the office records, each checked once, at the door."""

from __future__ import annotations

from ledger.entries.base import Entry
from ledger.entries.inspection import InspectionFinding
from ledger.entries.petitions import OnSiteResponse, PetitionBatch
from ledger.entries.recognition import (
    CaseResolution,
    Commendation,
    Criticism,
    ResearchSite,
    SupervisedCase,
    YellowCard,
)
from ledger.entries.register import Notice, Ruling, SpecialPeriod, Unit
from ledger.entries.reports import CaseReport, InformationReport, ScreeningReport
from ledger.entries.reversal import Reversal

AnyEntry = (
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
    | Reversal
)

ENTRY_TYPES: tuple[type[Entry], ...] = AnyEntry.__args__
"""In the contract's order."""

BY_KIND: dict[str, type[Entry]] = {entry_type.KIND: entry_type for entry_type in ENTRY_TYPES}

__all__ = [
    "BY_KIND",
    "ENTRY_TYPES",
    "AnyEntry",
    "CaseReport",
    "CaseResolution",
    "Commendation",
    "Criticism",
    "Entry",
    "InformationReport",
    "InspectionFinding",
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
