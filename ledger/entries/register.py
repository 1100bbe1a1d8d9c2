"""Entries that the town keeps a register of: units, special periods, notices, rulings."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ledger.entries.base import Entry
from ledger.fields import Day, Label, Name, ReadingValue, Text, UnitIds, Year, wrong
from ledger.vocabulary import PeriodLevel, UnitType


class Unit(Entry, frozen=True, kw_only=True, tag="unit"):
    """A village, farm or community (村、场、社区; 二、考核对象)."""

    TITLE: ClassVar[str] = "单位"

    name: Annotated[Name, Label("名称", "the unit's name")]
    type: Annotated[UnitType, Label("类型", "village 村, farm 场, community 社区")]


class SpecialPeriod(Entry, frozen=True, kw_only=True, tag="special_period"):
    """A special period (特护期) by notice from above (三（三）1（1）)."""

    TITLE: ClassVar[str] = "特护期"
    DATED_BY: ClassVar[str | None] = "ends_on"

    level: Annotated[PeriodLevel, Label("级别", "whose period it is")]
    starts_on: Annotated[Day, Label("开始日期", "first day")]
    ends_on: Annotated[Day, Label("结束日期", "last day, itself in the period")]

    def check(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.ends_on < self.starts_on:
            raise wrong(
                "ends_before_start", "ends_on must not lie before starts_on", field="ends_on"
            )


class Notice(Entry, frozen=True, kw_only=True, tag="notice"):
    """A notice that asks for a screening report by a day (三（一）1（1）)."""

    TITLE: ClassVar[str] = "通知"
    DATED_BY: ClassVar[str | None] = "due_on"

    title: Annotated[Text, Label("标题", "what it is about")]
    due_on: Annotated[Day, Label("截止日期", "last day for the report")]
    units: Annotated[UnitIds | None, Label("单位", "ids of units; left out: every unit")] = None


class Ruling(Entry, frozen=True, kw_only=True, tag="ruling"):
    """A reading of the measure that the office has ruled on for a year (附则 四.4)."""

    TITLE: ClassVar[str] = "解释"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("year", "reading")

    year: Annotated[Year, Label("年度", "assessment year that it holds for")]
    reading: Annotated[Text, Label("条款解释", "name of a reading (see `tally rules`)")]
    value: Annotated[ReadingValue, Label("取值", "one of the reading's values")]
    basis: Annotated[Text, Label("依据", "what the ruling rests on")]
