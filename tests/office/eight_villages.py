"""A quarter of eight villages in which something of everything happened, with hand-made points.

甲村 had 34 people at the province and 4 at the district, both abnormal and without anybody on
site: 3 + 10 + 2 points. 乙村 did not report in April (1), 丙村 was late in May (0.5), 丁村 had one
case of two in March (1.5). A special period of the city gives 1.5 points to all, one of the
district 1 point to all but 甲村. 戊村 got a yellow card (2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cli.entries import batch, reports

if TYPE_CHECKING:
    from tests.cli.running import Tally

NAMES = [f"{one}村" for one in "甲乙丙丁戊己庚辛"]


def _reports() -> list[dict[str, Any]]:
    months = ("2015-12", "2016-01", "2016-02", "2016-03", "2016-04", "2016-05")
    found = {one["id"]: one for at in range(1, 9) for one in reports(f"V00{at}", *months)}
    del found["SR-V002-2016-04"]
    found["SR-V003-2016-05"]["submitted_on"] = "2016-06-03"
    found["CR-V004-2016-03"]["cases"] = 1
    return list(found.values())


def fill(tally: Tally) -> None:
    """Record and verify all that happened up to May 2016."""
    special = {"kind": "special_period"}
    tally.take_in(
        *({"kind": "unit", "id": f"V00{at}", "name": name, "type": "village"}
          for at, name in enumerate(NAMES, 1)),
        *_reports(),
        {**special, "id": "SP-1", "level": "city", "starts_on": "2016-03-01",
         "ends_on": "2016-03-15"},
        {**special, "id": "SP-2", "level": "district", "starts_on": "2016-05-10",
         "ends_on": "2016-05-20"},
        batch("B-1", level="province", headcount=34, occurred_at="2016-05-18T09:00"),
        batch("B-2", level="district", headcount=4, occurred_at="2016-05-12T09:00"),
        {"kind": "yellow_card", "id": "YC-1", "unit": "V005", "issued_on": "2016-04-20"},
    )  # fmt: skip
