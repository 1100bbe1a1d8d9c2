"""What earns rewards and penalties (三（三）奖惩事项), the special periods apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.entries.base import Entry, field, the_unit

if TYPE_CHECKING:
    from ledger.fields import Day, EntryId
    from ledger.vocabulary import Issuer, Level, PeriodLevel, SiteLevel


class Commendation(Entry):
    """A commendation for petition work (通报表扬; 三（三）1（2）)."""

    KIND: ClassVar[str] = "commendation"
    TITLE: ClassVar[str] = "通报表扬"
    DATED_BY: ClassVar[str | None] = "issued_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["commendation"] = "commendation"
    unit: EntryId = the_unit()
    level: PeriodLevel = field("级别", "who commended")
    issued_on: Day = field("发文日期", "day of the document")


class ResearchSite(Entry):
    """A site provided for a visit from above (信访调研现场; 三（三）1（3）)."""

    KIND: ClassVar[str] = "research_site"
    TITLE: ClassVar[str] = "调研现场"
    DATED_BY: ClassVar[str | None] = "held_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["research_site"] = "research_site"
    unit: EntryId = the_unit()
    level: SiteLevel = field("级别", "who visited")
    held_on: Day = field("日期", "day of the visit")


class SupervisedCase(Entry):
    """A case under supervision from above (督办件; 三（三）1（4）)."""

    KIND: ClassVar[str] = "supervised_case"
    TITLE: ClassVar[str] = "督办件"
    DATED_BY: ClassVar[str | None] = "due_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["supervised_case"] = "supervised_case"
    unit: EntryId = the_unit()
    level: Level = field("级别", "who supervises")
    due_on: Day = field("到期日期", "last day to resolve it")


class CaseResolution(Entry):
    """The resolution of a supervised case (化解)."""

    KIND: ClassVar[str] = "case_resolution"
    TITLE: ClassVar[str] = "督办件化解"
    DATED_BY: ClassVar[str | None] = "resolved_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "case": "supervised_case"}

    kind: Literal["case_resolution"] = "case_resolution"
    unit: EntryId = the_unit()
    case: EntryId = field("督办件", "id of the supervised case")
    resolved_on: Day = field("化解日期", "day it was resolved")


class Criticism(Entry):
    """A criticism by circular (通报批评; 三（三）2)."""

    KIND: ClassVar[str] = "criticism"
    TITLE: ClassVar[str] = "通报批评"
    DATED_BY: ClassVar[str | None] = "issued_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["criticism"] = "criticism"
    unit: EntryId = the_unit()
    issuer: Issuer = field(
        "发文机关",
        "province or above; city; district party committee or government; "
        "the district's joint conference or stability office",
    )
    issued_on: Day = field("发文日期", "day of the document")


class YellowCard(Entry):
    """A yellow-card warning (黄牌警告; 三（三）2)."""

    KIND: ClassVar[str] = "yellow_card"
    TITLE: ClassVar[str] = "黄牌警告"
    DATED_BY: ClassVar[str | None] = "issued_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["yellow_card"] = "yellow_card"
    unit: EntryId = the_unit()
    issued_on: Day = field("发文日期", "day of the document")
