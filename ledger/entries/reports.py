"""Reports that a unit owes or volunteers: screening, monthly cases, information."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ledger.entries.base import Entry, UnitRef
from ledger.fields import MOST_IN_A_LIST, Cases, Day, EntryId, Matter, Moment, Month, wrong
from ledger.vocabulary import Urgency


class ScreeningReport(Entry):
    """A dispute screening report (矛盾纠纷排查) for a month or for a notice (三（一）1（1）)."""

    KIND: ClassVar[str] = "screening_report"
    TITLE: ClassVar[str] = "矛盾纠纷排查报告"
    DATED_BY: ClassVar[str | None] = "submitted_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "notice": "notice"}

    kind: Literal["screening_report"] = "screening_report"
    unit: UnitRef
    month: Month | None = Field(
        default=None, title="月份", description="YYYY-MM (or give a notice instead)"
    )
    notice: EntryId | None = Field(
        default=None, title="通知", description="id of a notice (or give a month instead)"
    )
    submitted_on: Day = Field(title="报送日期", description="day it came in")

    @model_validator(mode="after")
    def _for_one_thing(self) -> Self:
        if (self.month is None) == (self.notice is None):
            raise wrong(
                "month_or_notice", "give either month or notice, one of the two", field="month"
            )
        return self


class CaseReport(Entry):
    """A monthly report of handled cases (信访事项办理情况月报; 三（一）1（2）)."""

    KIND: ClassVar[str] = "case_report"
    TITLE: ClassVar[str] = "信访事项办理情况月报"
    DATED_BY: ClassVar[str | None] = "submitted_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["case_report"] = "case_report"
    unit: UnitRef
    month: Month = Field(title="月份", description="YYYY-MM that it reports on")
    cases: Cases = Field(title="采用件数", description="cases accepted by the office")
    submitted_on: Day = Field(title="报送日期", description="day it came in")


class InformationReport(Entry):
    """An information report (信访信息) on matters that may come up (三（一）1（3）)."""

    KIND: ClassVar[str] = "information_report"
    TITLE: ClassVar[str] = "信访信息"
    DATED_BY: ClassVar[str | None] = "submitted_at"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["information_report"] = "information_report"
    unit: UnitRef
    urgency: Urgency = Field(title="类别", description="early_warning 预警, urgent 紧急")
    matters: Annotated[tuple[Matter, ...], Field(strict=False, max_length=MOST_IN_A_LIST)] = Field(
        title="信访事项", description="case numbers that it tells of"
    )
    submitted_at: Moment = Field(title="报送时间", description="when it came in")
