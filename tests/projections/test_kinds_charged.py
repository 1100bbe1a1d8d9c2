"""Who answers for an entry, and numbers that are not recorded; expected points by hand."""

from __future__ import annotations

import pytest

from projections.measure.checking import problems, sentence
from tests.projections.folders import (
    WORDS,
    amount,
    clause,
    kind_of_entry,
    lone_batch,
    points,
    scored,
    small_measure,
)

CHECK = kind_of_entry("check", {"on": "date", "number": "integer?", "all": "integer?"})
FLAG = {"flag": "veto", "title": WORDS}
OWED = [amount("owed", count=2), amount("each", points="1")]

# Kind, keys, and the points of an entry of 2 beside one without a number, by hand.
ADDED = {
    "quota": ({"each": "year", "count": "number", "amount": OWED}, "2"),
    "checklist": ({"missing": "number", "amount": [amount("missing", points="-1")]}, "-2"),
    "occurrence": (
        {"base": "found", "amount": [amount("found", points="-3", times="number")]}, "-6"),
    "rate": (
        {"numerator": "number", "denominator": "all", "amount": [amount("full", points="10")]},
        "5"),
    "flag": (
        {"total": "number", "amount": [amount("flag", flag="veto", when={"total": "2-"})]}, "0"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ADDED)
def test_a_number_that_is_not_recorded_counts_as_0_and_its_entry_is_incomplete(kind):
    """E1 records 2 of 4, E2 nothing: 2 of 2 owed, 2 × −1, 2 × −3, 2 / 4 × 10, 2 in the year."""
    keys, expected = ADDED[kind]
    measure = small_measure(
        clause("one", kind, entry="check", **keys), entries=[CHECK], flag=[FLAG]
    )
    assert [sentence(one) for one in problems(measure.content)] == []
    year = [
        {"kind": "check", "on": "2021-03-01", "number": 2, "all": 4},
        {"kind": "check", "on": "2021-04-01"},
    ]
    found = scored(measure, year).unit("V1")
    assert format(found.total.normalize() + 0, "f") == expected
    assert [(one.kind, one.entry, one.clause) for one in found.open] == [
        ("incomplete", "E2", "one")
    ]
    assert found.flags == (("veto",) if kind == "flag" else ())


OF_BATCHES = {
    "quota": {"each": "year", "amount": OWED},
    "checklist": {"missing": "headcount", "amount": [amount("missing", points="-1")]},
    "milestone": {"by": "12-01", "amount": [amount("done", points="1")]},
    "rate": {
        "numerator": "headcount", "denominator": "headcount", "no_cases": "none",
        "amount": [amount("full", points="10")],
    },
    "flag": {
        "total": "headcount", "amount": [amount("flag", flag="veto", when={"total": "1-"})],
    },
    "occurrence": {"base": "visit", "amount": [amount("visit", points="-1")]},
}  # fmt: skip


@pytest.mark.parametrize("kind", OF_BATCHES)
def test_the_host_unit_of_a_batch_is_charged_by_no_kind(kind):
    """V1 is liable for the batch, V2 the host of it."""
    given = clause("one", kind, entry="petition_batch", **OF_BATCHES[kind])
    measure = small_measure(given, flag=[FLAG], batches={"collective_from": 5})
    assert [sentence(one) for one in problems(measure.content)] == []
    found = scored(measure, [{**lone_batch("A"), "host_unit": "V2"}], units=["V1", "V2"])
    assert points(found, "V1") or found.unit("V1").flags
    assert points(found, "V2") == []
    assert found.unit("V2").flags == ()
