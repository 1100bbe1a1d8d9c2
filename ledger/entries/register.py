"""Entries that the town keeps a register of: units, special periods, notices, rulings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.entries.base import Entry, field

if TYPE_CHECKING:
    from ledger.fields import Day, EntryIds, Name, ReadingValue, Text, Year
    from ledger.vocabulary import PeriodLevel, UnitType


class Unit(Entry):
    """A village, farm or community (村、场、社区; 二、考核对象)."""

    KIND: ClassVar[str] = "unit"
    TITLE: ClassVar[str] = "单位"

    kind: Literal["unit"] = "unit"
    name: Name = field("名称", "the unit's name")
    type: UnitType = field("类型", "village 村, farm 场, community 社区")


class SpecialPeriod(Entry):
    """A special period (特护期) by notice from above (三（三）1（1）)."""

    KIND: ClassVar[str] = "special_period"
    TITLE: ClassVar[str] = "特护期"
    DATED_BY: ClassVar[str | None] = "ends_on"

    kind: Literal["special_period"] = "special_period"
    level: PeriodLevel = field("级别", "whose period it is")
    starts_on: Day = field("开始日期", "first day")
    ends_on: Day = field("结束日期", "last day, itself in the period")

    def check(self) -> None:
        """See `Entry.check`."""
        from ledger.fields import wrong  # noqa: PLC0415 - at the door alone

        if self.ends_on < self.starts_on:
            raise wrong(
                "ends_before_start", "ends_on must not lie before starts_on", field="ends_on"
            )


class Notice(Entry):
    """A notice that asks for a screening report by a day (三（一）1（1）)."""

    KIND: ClassVar[str] = "notice"
    TITLE: ClassVar[str] = "通知"
    DATED_BY: ClassVar[str | None] = "due_on"
    REFERENCES: ClassVar[dict[str, str]] = {"units": "unit"}

    kind: Literal["notice"] = "notice"
    title: Text = field("标题", "what it is about")
    due_on: Day = field("截止日期", "last day for the report")
    units: EntryIds | None = field("单位", "ids of units; left out: every unit", None)


class Ruling(Entry):
    """A reading of the measure that the office has ruled on for a year (附则 四.4)."""

    KIND: ClassVar[str] = "ruling"
    TITLE: ClassVar[str] = "解释"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("year", "reading")

    kind: Literal["ruling"] = "ruling"
    year: Year = field("年度", "assessment year that it holds for")
    reading: Text = field("条款解释", "name of a reading (see `tally rules`)")
    value: ReadingValue = field("取值", "one of the reading's values")
    basis: Text = field("依据", "what the ruling rests on")
