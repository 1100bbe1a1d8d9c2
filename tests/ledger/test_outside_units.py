"""An outside unit (镇外单位) can be party to a batch, and nothing else."""

import pytest

from ledger.entries import BY_KIND
from tests.ledger.examples import EXAMPLES, TOWN, batch, response, unit
from tests.ledger.imports import admitted, validate

BOOK = [*TOWN, unit("W001", name="外镇", type="outside")]
OF_A_UNIT = [
    kind
    for kind, entry_type in BY_KIND.items()
    if "unit" in entry_type.FIELDS and kind not in {"petition_batch", "on_site_response"}
]


@pytest.mark.parametrize("kind", OF_A_UNIT)
def test_refuses_reports_findings_rewards_and_penalties(kind):
    (refusal,) = validate(BOOK, [{**EXAMPLES[kind], "id": "NEW-1", "unit": "W001"}]).refusals
    assert (refusal.field, refusal.code) == ("unit", "outside_unit")


def test_refuses_a_notice_that_addresses_it():
    notice = {**EXAMPLES["notice"], "id": "NEW-1", "units": ["V001", "W001"]}
    (refusal,) = validate(BOOK, [notice]).refusals
    assert (refusal.field, refusal.code) == ("units", "outside_unit")


def test_it_may_be_liable_or_host_and_answer():
    entries = [
        batch("B-1", unit="W001", host_unit="V001"),
        batch("B-2", host_unit="W001"),
        response("R-1", "B-1", unit="W001"),
        response("R-2", "B-2", unit="W001"),
    ]
    assert admitted(BOOK, entries) == ["B-1", "B-2", "R-1", "R-2"]
