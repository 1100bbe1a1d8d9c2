"""What earns rewards and penalties (三（三）奖惩事项), the special periods apart."""

from typing import Annotated, ClassVar

from ledger.entries.base import Entry, OneUnit
from ledger.fields import Day, EntryId, Label, RefersTo
from ledger.vocabulary import Issuer, Level, PeriodLevel, SiteLevel


class Commendation(Entry, frozen=True, kw_only=True, tag="commendation"):
    """A commendation for petition work (通报表扬; 三（三）1（2）)."""

    TITLE: ClassVar[str] = "通报表扬"
    PREFIX: ClassVar[str] = "CO"
    DATED_BY: ClassVar[str | None] = "issued_on"

    unit: OneUnit
    level: Annotated[PeriodLevel, Label("级别", "who commended")]
    issued_on: Annotated[Day, Label("发文日期", "day of the document")]


class ResearchSite(Entry, frozen=True, kw_only=True, tag="research_site"):
    """A site provided for a visit from above (信访调研现场; 三（三）1（3）)."""

    TITLE: ClassVar[str] = "调研现场"
    PREFIX: ClassVar[str] = "RS"
    DATED_BY: ClassVar[str | None] = "held_on"

    unit: OneUnit
    level: Annotated[SiteLevel, Label("级别", "who visited")]
    held_on: Annotated[Day, Label("日期", "day of the visit")]


class SupervisedCase(Entry, frozen=True, kw_only=True, tag="supervised_case"):
    """A case under supervision from above (督办件; 三（三）1（4）)."""

    TITLE: ClassVar[str] = "督办件"
    PREFIX: ClassVar[str] = "SC"
    DATED_BY: ClassVar[str | None] = "due_on"

    unit: OneUnit
    level: Annotated[Level, Label("级别", "who supervises")]
    due_on: Annotated[Day, Label("到期日期", "last day to resolve it")]


class CaseResolution(Entry, frozen=True, kw_only=True, tag="case_resolution"):
    """The resolution of a supervised case (化解)."""

    TITLE: ClassVar[str] = "督办件化解"
    PREFIX: ClassVar[str] = "RE"
    DATED_BY: ClassVar[str | None] = "resolved_on"

    unit: OneUnit
    case: Annotated[
        EntryId, RefersTo("supervised_case"), Label("督办件", "id of the supervised case")
    ]
    resolved_on: Annotated[Day, Label("化解日期", "day it was resolved")]


class Criticism(Entry, frozen=True, kw_only=True, tag="criticism"):
    """A criticism by circular (通报批评; 三（三）2)."""

    TITLE: ClassVar[str] = "通报批评"
    PREFIX: ClassVar[str] = "CT"
    DATED_BY: ClassVar[str | None] = "issued_on"

    unit: OneUnit
    issuer: Annotated[
        Issuer,
        Label(
            "发文机关",
            "nation or province; city; district party committee or government; "
            "the district's joint conference or stability office",
        ),
    ]
    issued_on: Annotated[Day, Label("发文日期", "day of the document")]


class YellowCard(Entry, frozen=True, kw_only=True, tag="yellow_card"):
    """A yellow-card warning (黄牌警告; 三（三）2)."""

    TITLE: ClassVar[str] = "黄牌警告"
    PREFIX: ClassVar[str] = "YC"
    DATED_BY: ClassVar[str | None] = "issued_on"

    unit: OneUnit
    issued_on: Annotated[Day, Label("发文日期", "day of the document")]
