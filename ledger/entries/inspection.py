"""Findings of the year-end inspection (年终检查考核; 三（二）)."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ledger.entries.base import Entry, UnitRef
from ledger.fields import Cases, Points, Year, wrong
from ledger.vocabulary import COUNTED_ITEMS, InspectionItem

QUARTERS_OF_A_YEAR = 4
MOST_MISSING = 1_000


class InspectionFinding(Entry):
    """What the inspection found on one item of one unit."""

    KIND: ClassVar[str] = "inspection_finding"
    TITLE: ClassVar[str] = "年终检查"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("unit", "year", "item")

    kind: Literal["inspection_finding"] = "inspection_finding"
    unit: UnitRef
    year: Year = Field(title="年度", description="assessment year inspected")
    item: InspectionItem = Field(title="项目", description="1.1 to 6, as 三（二） numbers them")
    points: Points | None = Field(
        default=None, title="得分", description="graded items: 0 to the item's points"
    )
    missing: Cases | None = Field(
        default=None, title="缺项", description="items 1.2, 3, 4, 6: how many are missing"
    )

    @model_validator(mode="after")
    def _as_the_item_is_judged(self) -> Self:
        if self.item in COUNTED_ITEMS:
            if self.missing is None or self.points is not None:
                raise wrong(
                    "counted_item",
                    "item {item} is counted: give missing, not points",
                    item=self.item,
                    field="missing",
                )
            most = QUARTERS_OF_A_YEAR if self.item == "1.2" else MOST_MISSING
            if self.missing > most:
                raise wrong(
                    "missing_range",
                    "at item {item} must be 0 to {most}",
                    item=self.item,
                    most=most,
                    field="missing",
                )
            return self
        if self.points is None or self.missing is not None:
            raise wrong(
                "graded_item",
                "item {item} is graded: give points, not missing",
                item=self.item,
                field="points",
            )
        return self
