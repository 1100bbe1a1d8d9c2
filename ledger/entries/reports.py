"""Reports that a unit owes or volunteers: screening, monthly cases, information."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.entries.base import Entry, field, the_unit

if TYPE_CHECKING:
    from ledger.fields import Cases, Day, EntryId, Matters, Moment, Month
    from ledger.vocabulary import Urgency


class ScreeningReport(Entry):
    """A dispute screening report (矛盾纠纷排查) for a month or for a notice (三（一）1（1）)."""

    KIND: ClassVar[str] = "screening_report"
    TITLE: ClassVar[str] = "矛盾纠纷排查报告"
    DATED_BY: ClassVar[str | None] = "submitted_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "notice": "notice"}

    kind: Literal["screening_report"] = "screening_report"
    unit: EntryId = the_unit()
    month: Month | None = field("月份", "YYYY-MM (or give a notice instead)", None)
    notice: EntryId | None = field("通知", "id of a notice (or give a month instead)", None)
    submitted_on: Day = field("报送日期", "day it came in")

    def check(self) -> None:
        """See `Entry.check`."""
        from ledger.fields import wrong  # noqa: PLC0415 - at the door alone

        if (self.month is None) == (self.notice is None):
            raise wrong(
                "month_or_notice", "give either month or notice, one of the two", field="month"
            )


class CaseReport(Entry):
    """A monthly report of handled cases (信访事项办理情况月报; 三（一）1（2）)."""

    KIND: ClassVar[str] = "case_report"
    TITLE: ClassVar[str] = "信访事项办理情况月报"
    DATED_BY: ClassVar[str | None] = "submitted_on"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["case_report"] = "case_report"
    unit: EntryId = the_unit()
    month: Month = field("月份", "YYYY-MM that it reports on")
    cases: Cases = field("采用件数", "cases accepted by the office")
    submitted_on: Day = field("报送日期", "day it came in")


class InformationReport(Entry):
    """An information report (信访信息) on matters that may come up (三（一）1（3）)."""

    KIND: ClassVar[str] = "information_report"
    TITLE: ClassVar[str] = "信访信息"
    DATED_BY: ClassVar[str | None] = "submitted_at"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}

    kind: Literal["information_report"] = "information_report"
    unit: EntryId = the_unit()
    urgency: Urgency = field("类别", "early_warning 预警, urgent 紧急")
    matters: Matters = field("信访事项", "case numbers that it tells of")
    submitted_at: Moment = field("报送时间", "when it came in")
