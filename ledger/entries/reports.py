"""Reports that a unit owes or volunteers: screening, monthly cases, information."""

from typing import Annotated, Any, ClassVar

from ledger.checks import wrong
from ledger.entries.base import Entry, OneUnit
from ledger.fields import Cases, Day, EntryId, Label, Matters, Moment, Month, RefersTo
from ledger.vocabulary import Urgency


class ScreeningReport(Entry, frozen=True, kw_only=True, tag="screening_report"):
    """A dispute screening report (矛盾纠纷排查) for a month or for a notice (三（一）1（1）)."""

    TITLE: ClassVar[str] = "矛盾纠纷排查报告"
    PREFIX: ClassVar[str] = "SR"
    ALIKE: ClassVar[tuple[str, ...]] = ("unit", "month", "notice")
    DATED_BY: ClassVar[str | None] = "submitted_on"

    unit: OneUnit
    month: Annotated[Month | None, Label("月份", "YYYY-MM (or give a notice instead)")] = None
    notice: Annotated[
        EntryId | None,
        RefersTo("notice"),
        Label("通知", "id of a notice (or give a month instead)"),
    ] = None
    submitted_on: Annotated[Day, Label("报送日期", "day it came in")]

    def check(self) -> None:
        """Refuse a report for both a month and a notice, or for neither."""
        if (self.month is None) == (self.notice is None):
            raise wrong(
                "month_or_notice", "give either month or notice, one of the two", field="month"
            )


class CaseReport(Entry, frozen=True, kw_only=True, tag="case_report"):
    """A monthly report of handled cases (信访事项办理情况月报; 三（一）1（2）)."""

    TITLE: ClassVar[str] = "信访事项办理情况月报"
    PREFIX: ClassVar[str] = "CR"
    ALIKE: ClassVar[tuple[str, ...]] = ("unit", "month")
    DATED_BY: ClassVar[str | None] = "submitted_on"

    unit: OneUnit
    month: Annotated[Month, Label("月份", "YYYY-MM that it reports on")]
    cases: Annotated[Cases, Label("采用件数", "cases accepted by the office")]
    submitted_on: Annotated[Day, Label("报送日期", "day it came in")]


class InformationReport(Entry, frozen=True, kw_only=True, tag="information_report"):
    """An information report (信访信息) on matters that may come up (三（一）1（3）)."""

    TITLE: ClassVar[str] = "信访信息"
    PREFIX: ClassVar[str] = "IR"
    UNSTORED: ClassVar[dict[str, Any]] = {"as_required": True}
    DATED_BY: ClassVar[str | None] = "submitted_at"

    unit: OneUnit
    urgency: Annotated[Urgency, Label("类别", "early_warning 预警, urgent 紧急")]
    matters: Annotated[Matters, Label("信访事项", "case numbers that it tells of")]
    submitted_at: Annotated[Moment, Label("报送时间", "when it came in")]
    as_required: Annotated[bool, Label("符合要求", "whether the office found it as required")] = (
        True
    )
