"""What earns rewards and penalties (三（三）奖惩事项), the special periods apart."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ledger.entries.base import Entry, UnitRef
from ledger.fields import Day, EntryId
from ledger.vocabulary import Issuer, Level, PeriodLevel, SiteLevel


class Commendation(Entry):
    """A commendation for petition work (通报表扬; 三（三）1（2）)."""

    KIND: ClassVar[str] = "commendation"
    TITLE: ClassVar[str] = "通报表扬"
    DATED_BY: ClassVar[str | None] = "issued_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["commendation"] = "commendation"
    unit: UnitRef
    level: PeriodLevel = Field(title="级别", description="who commended")
    issued_on: Day = Field(title="发文日期", description="day of the document")


class ResearchSite(Entry):
    """A site provided for a visit from above (信访调研现场; 三（三）1（3）)."""

    KIND: ClassVar[str] = "research_site"
    TITLE: ClassVar[str] = "调研现场"
    DATED_BY: ClassVar[str | None] = "held_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["research_site"] = "research_site"
    unit: UnitRef
    level: SiteLevel = Field(title="级别", description="who visited")
    held_on: Day = Field(title="日期", description="day of the visit")


class SupervisedCase(Entry):
    """A case under supervision from above (督办件; 三（三）1（4）)."""

    KIND: ClassVar[str] = "supervised_case"
    TITLE: ClassVar[str] = "督办件"
    DATED_BY: ClassVar[str | None] = "due_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["supervised_case"] = "supervised_case"
    unit: UnitRef
    level: Level = Field(title="级别", description="who supervises")
    due_on: Day = Field(title="到期日期", description="last day to resolve it")


class CaseResolution(Entry):
    """The resolution of a supervised case (化解)."""

    KIND: ClassVar[str] = "case_resolution"
    TITLE: ClassVar[str] = "督办件化解"
    DATED_BY: ClassVar[str | None] = "resolved_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "case": "supervised_case"}

    kind: Literal["case_resolution"] = "case_resolution"
    unit: UnitRef
    case: EntryId = Field(title="督办件", description="id of the supervised case")
    resolved_on: Day = Field(title="化解日期", description="day it was resolved")


class Criticism(Entry):
    """A criticism by circular (通报批评; 三（三）2)."""

    KIND: ClassVar[str] = "criticism"
    TITLE: ClassVar[str] = "通报批评"
    DATED_BY: ClassVar[str | None] = "issued_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["criticism"] = "criticism"
    unit: UnitRef
    issuer: Issuer = Field(
        title="发文机关",
        description="province or above; city; district party committee or government; "
        "the district's joint conference or stability office",
    )
    issued_on: Day = Field(title="发文日期", description="day of the document")


class YellowCard(Entry):
    """A yellow-card warning (黄牌警告; 三（三）2)."""

    KIND: ClassVar[str] = "yellow_card"
    TITLE: ClassVar[str] = "黄牌警告"
    DATED_BY: ClassVar[str | None] = "issued_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["yellow_card"] = "yellow_card"
    unit: UnitRef
    issued_on: Day = Field(title="发文日期", description="day of the document")
