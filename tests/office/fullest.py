"""A unit in whose year something of everything happened each month: slips that are too full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cli.entries import batch
from tests.office.slips import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator


def fullest() -> Iterator[dict[str, Any]]:
    """Yield the entries of V1 in 2016: in eleven months all that costs and gives points."""
    for clause in FIRST.clauses.values():
        if clause.kind == "graded":
            found = {"points": "0.1"} if clause.parameters.graded else {"missing": 2}
            what = {"kind": "inspection_finding", "unit": "V1", "year": 2016}
            yield {**what, "item": clause.parameters.item, **found}
    for month in range(1, 12):
        day = f"2016-{month:02}"
        one = {"unit": "V1", "level": "city"}
        visit = {"headcount": 30 + month, "host_unit": "V2", "repeated": True}
        yield batch(f"B-{month}", occurred_at=f"{day}-10T09:00", **visit, **one)
        yield {
            "kind": "on_site_response", "unit": "V1", "batch": f"B-{month}", "arrival": "absent",
            "effective": False, "stay_minutes": 300,
        }  # fmt: skip
        yield {"kind": "yellow_card", "unit": "V1", "issued_on": f"{day}-11"}
        for issuer in ("province", "city", "district", "joint_conference"):
            yield {
                "kind": "criticism", "unit": "V1", "issuer": issuer, "issued_on": f"{day}-12",
            }  # fmt: skip
        yield {"kind": "commendation", "issued_on": f"{day}-13", **one}
        yield {
            "kind": "special_period", "level": "city", "starts_on": f"{day}-01",
            "ends_on": f"{day}-28",
        }  # fmt: skip
        yield {"kind": "supervised_case", "id": f"督办2016-{month}", "due_on": f"{day}-20", **one}
