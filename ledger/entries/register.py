"""Entries that the town keeps a register of: units, special periods, notices, rulings."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from ledger.entries.base import Entry
from ledger.fields import MOST_IN_A_LIST, Day, EntryId, Name, Text, Year, told, wrong
from ledger.saying import Said
from ledger.vocabulary import PeriodLevel, UnitType


class Unit(Entry):
    """A village, farm or community (村、场、社区; 二、考核对象)."""

    KIND: ClassVar[str] = "unit"
    TITLE: ClassVar[str] = "单位"

    kind: Literal["unit"] = "unit"
    name: Name = Field(title="名称", description="the unit's name")
    type: UnitType = Field(title="类型", description="village 村, farm 场, community 社区")


class SpecialPeriod(Entry):
    """A special period (特护期) by notice from above (三（三）1（1）)."""

    KIND: ClassVar[str] = "special_period"
    TITLE: ClassVar[str] = "特护期"
    DATED_BY: ClassVar[str | None] = "ends_on"

    kind: Literal["special_period"] = "special_period"
    level: PeriodLevel = Field(title="级别", description="whose period it is")
    starts_on: Day = Field(title="开始日期", description="first day")
    ends_on: Day = Field(title="结束日期", description="last day, itself in the period")

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.ends_on < self.starts_on:
            raise wrong(
                "ends_before_start", "ends_on must not lie before starts_on", field="ends_on"
            )
        return self


class Notice(Entry):
    """A notice that asks for a screening report by a day (三（一）1（1）)."""

    KIND: ClassVar[str] = "notice"
    TITLE: ClassVar[str] = "通知"
    DATED_BY: ClassVar[str | None] = "due_on"
    REFERENCES: ClassVar[dict[str, str]] = {"units": "unit"}

    kind: Literal["notice"] = "notice"
    title: Text = Field(title="标题", description="what it is about")
    due_on: Day = Field(title="截止日期", description="last day for the report")
    units: (
        Annotated[tuple[EntryId, ...], Field(strict=False, min_length=1, max_length=MOST_IN_A_LIST)]
        | None
    ) = Field(default=None, title="单位", description="ids of units; left out: every unit")


@cache
def _text() -> TypeAdapter[str]:
    return TypeAdapter(Text)


def _reading_value(value: Any) -> Any:
    """Text, a whole number, true or false; null says none."""
    if value is None:
        return "none"
    if isinstance(value, str):
        try:
            return _text().validate_python(value)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)[0]
            empty = found["type"] == "string_too_short"
            words = Said("must not be empty") if empty else told(found)
            raise wrong("reading_value", words.template, **words.values) from None
    if not isinstance(value, int):
        raise wrong(
            "reading_value", 'must be text, a whole number, true or false; a factor is text: "1.5"'
        )
    return value


class Ruling(Entry):
    """A reading of the measure that the office has ruled on for a year (附则 四.4)."""

    KIND: ClassVar[str] = "ruling"
    TITLE: ClassVar[str] = "解释"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("year", "reading")

    kind: Literal["ruling"] = "ruling"
    year: Year = Field(title="年度", description="assessment year that it holds for")
    reading: Text = Field(title="条款解释", description="name of a reading (see `tally rules`)")
    value: Annotated[bool | int | str, BeforeValidator(_reading_value)] = Field(
        title="取值", description="one of the reading's values"
    )
    basis: Text = Field(title="依据", description="what the ruling rests on")
