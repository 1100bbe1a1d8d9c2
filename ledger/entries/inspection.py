"""Findings of the year-end inspection (年终检查考核; 三（二）)."""

from typing import Annotated, ClassVar

from ledger.checks import wrong
from ledger.entries.base import Entry, OneUnit
from ledger.fields import Item, Label, Missing, Points, Year


class InspectionFinding(Entry, frozen=True, kw_only=True, tag="inspection_finding"):
    """What the inspection found on one item of one unit."""

    TITLE: ClassVar[str] = "年终检查"
    PREFIX: ClassVar[str] = "IF"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("unit", "year", "item")

    unit: OneUnit
    year: Annotated[Year, Label("年度", "assessment year inspected")]
    item: Annotated[Item, Label("项目", "number of the item, as the measure has it: 1.1")]
    points: Annotated[Points | None, Label("得分", "graded items: 0 to the item's points")] = None
    missing: Annotated[Missing | None, Label("缺项", "counted items: how many are missing")] = None

    def check(self) -> None:
        """Refuse points and missing together, and neither; the measure says which of them."""
        if (self.points is None) == (self.missing is None):
            raise wrong(
                "points_or_missing", "give either points or missing, one of the two", field="points"
            )
