"""Entries of the town's registers: units, periods, notices, rulings, carried figures."""

from datetime import date
from typing import Annotated, Any, ClassVar

from ledger.checks import wrong
from ledger.entries.base import Entry, OneUnit
from ledger.fields import (
    Choices,
    Day,
    Label,
    Name,
    PeriodName,
    ReadingValue,
    Sections,
    Text,
    UnitIds,
    Word,
    Year,
)
from ledger.lookalikes import unit_key
from ledger.vocabulary import PeriodLevel


class Unit(Entry, frozen=True, kw_only=True, tag="unit"):
    """A unit that the measure assesses, or an outside one that it does not."""

    TITLE: ClassVar[str] = "单位"
    PREFIX: ClassVar[str] = "UN"
    ALIKE: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Name, Label("名称", "the unit's name")]
    type: Annotated[
        Word,
        Label("类型", "a type of units of the measure, or outside"),
    ]
    assessed_from: Annotated[Day | None, Label("考核起始日", "first day assessed")] = None
    assessed_until: Annotated[Day | None, Label("考核截止日", "last day assessed")] = None
    group: Annotated[Name | None, Label("分组", "a group of units that the measure names")] = None

    def keyed(self, field: str) -> Any:
        """Return the name as it looks, any other field as it is."""
        return unit_key(self.name) if field == "name" else super().keyed(field)

    def is_assessed(self, first: date, last: date) -> bool:
        """Return whether the unit is assessed on a day of a span."""
        return (self.assessed_from or last) <= last and first <= (self.assessed_until or first)

    def check(self) -> None:
        """Refuse days that end before they begin."""
        if (
            self.assessed_from is not None
            and self.assessed_until is not None
            and self.assessed_until < self.assessed_from
        ):
            raise wrong(
                "ends_before_start",
                "assessed_until must not lie before assessed_from",
                field="assessed_until",
            )


class SpecialPeriod(Entry, frozen=True, kw_only=True, tag="special_period"):
    """A special period (特护期) by notice from above (三（三）1（1）)."""

    TITLE: ClassVar[str] = "特护期"
    PREFIX: ClassVar[str] = "SP"
    DATED_BY: ClassVar[str | None] = "ends_on"

    level: Annotated[
        PeriodLevel,
        Label("级别", "whose period it is"),
        Choices(
            (
                ("national", "全国"),
                ("province", "全省"),
                ("city", "全市"),
                ("district", "全区"),
            )
        ),
    ]
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
    PREFIX: ClassVar[str] = "NO"
    DATED_BY: ClassVar[str | None] = "due_on"

    title: Annotated[Text, Label("标题", "what it is about")]
    due_on: Annotated[Day, Label("截止日期", "last day for the report")]
    units: Annotated[UnitIds | None, Label("单位", "ids of units; left out: every unit")] = None


class Ruling(Entry, frozen=True, kw_only=True, tag="ruling"):
    """A reading of the measure that the office has ruled on for a year."""

    TITLE: ClassVar[str] = "解释"
    PREFIX: ClassVar[str] = "RU"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("year", "reading")

    year: Annotated[Year, Label("年度", "assessment year that it holds for")]
    reading: Annotated[Text, Label("条款解释", "name of a reading (see `tally rules`)")]
    value: Annotated[ReadingValue, Label("取值", "one of the reading's values")]
    basis: Annotated[Text, Label("依据", "what the ruling rests on")]


class CarriedQuarter(Entry, frozen=True, kw_only=True, tag="carried_quarter"):
    """A period's figures as published before the ledger began (上期结转)."""

    TITLE: ClassVar[str] = "结转成绩"
    PREFIX: ClassVar[str] = "CQ"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("unit", "period")

    unit: OneUnit
    period: Annotated[PeriodName, Label("考核期", "the period, as 2016Q1")]
    sections: Annotated[Sections, Label("各部分得分", "points by section, as basic_work=7.5")]
    basis: Annotated[Text, Label("依据", "where the figures were published")]

    @property
    def year(self) -> int:
        """The assessment year of the period."""
        return int(self.period[:4])
