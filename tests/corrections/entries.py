"""Entries that several tests of corrections record."""

from __future__ import annotations

from tests.cli.entries import batch

RESPONSE = {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1"}
"""A response to batch B-1 that still needs its arrival."""

LATE = {**RESPONSE, "arrival": "late"}
"""A late response: the batch's points × 1.5."""

CITY = batch(level="city", headcount=12)
"""Twelve people to the city: 5 points, and 2 more without an information report beforehand."""

OVERSTAY_RULING = {
    "kind": "ruling",
    "id": "RU-1",
    "year": 2016,
    "reading": "overstay_factor",
    "value": "1.5",
    "basis": "会议纪要",
}
THIRTY_PEOPLE_RULING = {**OVERSTAY_RULING, "reading": "thirty_people", "value": "31+"}
"""Thirty people belong to the highest tier."""

CASES = {
    "kind": "case_report",
    "id": "CR-1",
    "unit": "V001",
    "month": "2016-03",
    "cases": 2,
    "submitted_on": "2016-04-20",
}
"""Two cases of March, which is what a month needs; without them it costs 3 points."""

SCREENING = {"kind": "screening_report", "id": "SR-1", "unit": "V001", "month": "2016-05"}
"""The screening report of May that still needs the day on which it was submitted."""

CRITICISM = {
    "kind": "criticism",
    "id": "CT-1",
    "unit": "V001",
    "issuer": "province",
    "issued_on": "2016-05-02",
}
"""Criticised by the province: vetoed, without losing a point."""


def correction(entry, number, **fields):
    """Return the reversal of an entry and its replacement, as an import has them."""
    replacement = {**entry, **fields, "id": f"{entry['id']}.{number}", "replaces": entry["id"]}
    reversal = {
        "kind": "reversal",
        "id": f"{entry['id']}.R",
        "of": entry["id"],
        "reason": "录错",
    }
    return reversal, replacement
