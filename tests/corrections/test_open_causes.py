"""An open point that comes or goes because something else was corrected names the correction."""

import pytest

UNITS = [
    {"kind": "unit", "id": name, "name": f"样例{name}", "type": "village"} for name in ("V1", "V2")
]
BATCH = {
    "kind": "petition_batch",
    "id": "B-1",
    "unit": "V1",
    "matter": "XF-1",
    "level": "town",
    "headcount": 3,
    "occurred_at": "2016-05-10T09:00",
    "abnormal": True,
}
RESPONSE = {
    "kind": "on_site_response",
    "id": "R-1",
    "unit": "V2",
    "batch": "B-1",
    "arrival": "prompt",
}


@pytest.fixture
def desk(office):
    """Two units, and a batch that nobody has verified, answered by another unit than its own."""
    office.at("2026-01-01T09:00", *UNITS)
    office.at("2026-01-01T10:00", BATCH, RESPONSE, verify_by=None)
    return office


def causes(office, first):
    told = office("diff", "--from", first, "--year", "2016", "--json").ok().json["units"]
    return {unit["unit"]: unit["entries"] for unit in told}


def test_a_response_goes_with_its_batch_into_another_year(desk):
    before = desk.position
    desk.correct("B-1", "occurred_at=2015-05-10T09:00", verify=False)
    # Of the batch's own unit only the reversal is new in 2016: it awaits verification there.
    assert causes(desk, before) == {"V1": ["B-1.R"], "V2": ["B-1.R", "B-1.2"]}


def test_an_objection_goes_with_what_it_is_to(desk):
    desk("object", "B-1", "--unit", "V2", "--reason", "不属实", "--by", "clerk").ok()
    before = desk.position
    desk.correct("B-1", "occurred_at=2015-05-10T09:00", verify=False)
    assert causes(desk, before)["V2"] == ["B-1.R", "B-1.2"]
