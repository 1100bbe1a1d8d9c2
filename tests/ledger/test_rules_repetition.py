"""An entry recorded before: the same content is skipped, other content is a conflict."""

import pytest

from tests.ledger.examples import EXAMPLES, TOWN, batch, finding, response, reversal, ruling, unit
from tests.ledger.imports import refused, validate


@pytest.mark.parametrize("kind", EXAMPLES)
def test_skips_the_same_content(kind):
    book = [*TOWN, *([] if EXAMPLES[kind] in TOWN else [EXAMPLES[kind]])]
    admission = validate(book, [EXAMPLES[kind]])
    assert (list(admission.fresh.ids()), admission.refusals) == ([], [])
    assert admission.skipped == [EXAMPLES[kind]["id"]]


@pytest.mark.parametrize(
    "again",
    [
        batch(repeated=False, key_person=False),
        batch(note=None, host_unit=None),
        batch(occurred_at="2016-03-01T02:00:00Z"),
        batch(occurred_at="2016-03-01 10:00"),
        dict(reversed(batch().items())),
        batch(matter="  XF-2016-0031 "),
    ],
)
def test_skips_the_same_content_written_differently(again):
    admission = validate([unit(), batch()], [again])
    assert (admission.skipped, list(admission.fresh.ids()), admission.refusals) == (["B-1"], [], [])


def test_skips_points_with_more_trailing_zeros():
    admission = validate([unit(), finding(points="0.5")], [finding(points="0.500")])
    assert (admission.skipped, admission.refusals) == (["F-1"], [])


@pytest.mark.parametrize(
    ("changed", "differing"),
    [
        ({"headcount": 13}, "headcount"),
        ({"level": "town", "abnormal": False}, "level, abnormal"),
        ({"repeated": True}, "repeated"),
        ({"note": "更正"}, "note"),
        ({"occurred_at": "2016-03-01T10:00:00Z"}, "occurred_at"),
    ],
)
def test_refuses_other_content_and_names_the_differing_fields(changed, differing):
    admission = validate([unit(), batch()], [batch(**changed)])
    (refusal,) = admission.refusals
    assert (refusal.id, refusal.field) == ("B-1", "id")
    assert f"at position 2 by clerk (differs in {differing});" in refusal.message
    assert "tally correct B-1" in refusal.message


def test_refuses_another_kind_under_the_same_id():
    admission = validate([unit()], [batch("V001", unit="V001")])
    (refusal,) = admission.refusals
    assert refusal.message == (
        "is the number of an entry of kind unit, recorded at position 1 by clerk; give this entry "
        "a number of its own"
    )


def test_names_the_line_of_a_conflict_within_an_import():
    admission = validate([unit(), batch(), batch(headcount=13), batch()])
    (refusal,) = admission.refusals
    assert refusal.line == 3
    assert refusal.message == (
        "stands with other content on line 2 of this import (differs in headcount); keep one of "
        "the two or give this entry a number of its own"
    )
    assert admission.skipped == ["B-1"]


def test_reports_conflicts_with_all_other_refusals():
    book = [
        batch(headcount=13),
        response("R-9", "B-9"),
        reversal("X-9", "B-9"),
        ruling("RU-9", reading="nothing"),
        batch("B-10", unit="V009", replaces="B-9"),
    ]
    assert refused([unit(), batch()], book) == [
        ("B-1", "id"),
        ("R-9", "batch"),
        ("X-9", "of"),
        ("RU-9", "reading"),
        ("B-10", "unit"),
        ("B-10", "replaces"),
    ]
