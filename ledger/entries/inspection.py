"""Findings of the year-end inspection (年终检查考核; 三（二）)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ledger.entries.base import Entry, OneUnit
from ledger.fields import Cases, Label, Points, Year, wrong
from ledger.vocabulary import COUNTED_ITEMS, InspectionItem

QUARTERS_OF_A_YEAR = 4
MOST_MISSING = 1_000


class InspectionFinding(Entry, frozen=True, kw_only=True, tag="inspection_finding"):
    """What the inspection found on one item of one unit."""

    TITLE: ClassVar[str] = "年终检查"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("unit", "year", "item")

    unit: OneUnit
    year: Annotated[Year, Label("年度", "assessment year inspected")]
    item: Annotated[InspectionItem, Label("项目", "1.1 to 6, as 三（二） numbers them")]
    points: Annotated[Points | None, Label("得分", "graded items: 0 to the item's points")] = None
    missing: Annotated[Cases | None, Label("缺项", "items 1.2, 3, 4, 6: how many are missing")] = (
        None
    )

    def check(self) -> None:
        """Refuse points for a counted item, a count for a graded one, and too large a count."""
        if self.item not in COUNTED_ITEMS:
            if self.points is None or self.missing is not None:
                raise wrong(
                    "graded_item",
                    "item {item} is graded: give points, not missing",
                    item=self.item,
                    field="points",
                )
            return
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
