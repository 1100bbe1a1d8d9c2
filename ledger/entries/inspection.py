"""Findings of the year-end inspection (年终检查考核; 三（二）)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.entries.base import Entry, field, the_unit
from ledger.vocabulary import COUNTED_ITEMS

if TYPE_CHECKING:
    from ledger.fields import Cases, EntryId, Points, Year
    from ledger.vocabulary import InspectionItem

QUARTERS_OF_A_YEAR = 4
MOST_MISSING = 1_000


class InspectionFinding(Entry):
    """What the inspection found on one item of one unit."""

    KIND: ClassVar[str] = "inspection_finding"
    TITLE: ClassVar[str] = "年终检查"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit"}
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("unit", "year", "item")

    kind: Literal["inspection_finding"] = "inspection_finding"
    unit: EntryId = the_unit()
    year: Year = field("年度", "assessment year inspected")
    item: InspectionItem = field("项目", "1.1 to 6, as 三（二） numbers them")
    points: Points | None = field("得分", "graded items: 0 to the item's points", None)
    missing: Cases | None = field("缺项", "items 1.2, 3, 4, 6: how many are missing", None)

    def check(self) -> None:
        """See `Entry.check`."""
        from ledger.fields import wrong  # noqa: PLC0415 - at the door alone

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
            return
        if self.points is None or self.missing is not None:
            raise wrong(
                "graded_item",
                "item {item} is graded: give points, not missing",
                item=self.item,
                field="points",
            )
