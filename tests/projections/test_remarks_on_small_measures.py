"""What is said of sums, bounds and readings of small measures."""

from __future__ import annotations

import pytest

from projections.measure.checking import sentence
from projections.measure.remarks import remarks
from tests.projections.folders import (
    amount,
    clause,
    kind_of_entry,
    reading,
    section,
    small_measure,
)


def small(*clauses, sections=None, entries=(), **head):
    """Return the remarks on a small measure, without those on worked cases."""
    given = {"section": sections or [section(paraphrase="略")], **head}
    measure = small_measure(*clauses, entries=[*entries], **given)
    found = remarks(measure.content)
    return [str(sentence(one)) for one in found if one.file != "cases/"]


def item(slug, points, **keys):
    """Return a clause of an inspection's item."""
    return clause(slug, "graded", item=slug, amount=[amount("full", points=points)], **keys)


GROUPS = [{"value": one, "title": {"zh": one, "en": one}} for one in ("a", "b")]
TYPES = [{"value": one, "title": {"zh": one, "en": one}} for one in ("village", "farm")]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("100", []),
        ("90", ["90 is stated, and the parts give 100: 60 + 40"]),
    ],
)
def test_clauses_for_different_units_are_not_added_up(points, words):
    """Every unit has 60 + 40; b's 40 are another clause's than a's."""
    found = small(
        item("all", "60"),
        item("of-a", "40", applies_to={"group": ["a"]}),
        item("of-b", "40", applies_to={"group": ["b"]}),
        sections=[section(points=points, paraphrase="略")],
        units={"type": TYPES, "group": GROUPS},
    )
    assert found == [f"measure.toml, section[0].points: {one}" for one in words]


def test_a_sum_that_meets_for_one_group_and_not_for_the_other_is_said():
    """a has 100, b has 60 + 30."""
    (found,) = small(
        item("all", "60"),
        item("of-a", "40", applies_to={"group": ["a"]}),
        item("of-b", "30", applies_to={"group": ["b"]}),
        sections=[section(points="100", paraphrase="略")],
        units={"type": TYPES, "group": GROUPS},
    )
    assert found.endswith("100 is stated, and the parts give 90: 60 + 30")


def test_units_of_a_type_and_a_group_that_do_not_go_together_are_not_added_up():
    """Farms are all in b: none has 60 + 40 + 40."""
    found = small(
        item("all", "60"),
        item("farms", "40", applies_to={"type": ["farm"]}),
        item("of-a", "40", applies_to={"group": ["a"]}),
        sections=[section(points="100", paraphrase="略")],
        units={"type": TYPES, "group": GROUPS},
    )
    assert found == []


def test_a_reading_of_another_clause_on_the_same_sentence_settles_a_bound():
    """Both carry out 3次以上; the reading is of the second."""
    same = {"sentence": {"zh": "较大事故或者3次以上的，否决。", "en": "Veto."}}
    three = {**reading("three", "included", "excluded"), "summary": {"zh": "3次以上", "en": "3"}}
    fixed = {"entry": "fault", "base": "each", **same}
    fault = [kind_of_entry("fault", {"on": "date"})]
    first = clause("first", "occurrence", amount=[amount("each", points="-1")], **fixed)
    points = {"reading": "three", "is": {"included": "-1", "excluded": "-2"}}
    second = clause("second", "occurrence", amount=[amount("each", points=points)], **fixed)
    open_ = [one for one in small(first, second, entries=fault) if "it is open" in one]
    assert len(open_) == 2
    settled = small(first, {**second, "reading": [three]}, entries=fault)
    assert not [one for one in settled if "it is open" in one]


def rated(*amounts, zh="当月达标率95%以上的不扣分，每低1个百分点扣1分。"):
    fields = {"on": "date", "good": "integer", "of_all": "integer"}
    given = {"entry": "count", "numerator": "good", "denominator": "of_all"}
    text = {"sentence": {"zh": zh, "en": "Rate."}}
    found = small(
        clause("rate", "rate", amount=[*amounts], opening="20", **given, **text),
        entries=[kind_of_entry("count", fields)],
    )
    return [one for one in found if "no reading" in one]


def test_a_bound_from_which_points_fall_by_percentage_points_is_not_open():
    """At 95 % nothing is taken, whether or not 95 is above."""
    threshold = amount("threshold", percent="95")
    assert rated(threshold, amount("below", points="-1", times="points_below")) == []
    (found,) = rated(threshold, amount("below", points="-5"))
    assert "95%以上 includes 95" in found


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ({"cap": "4"}, "section[0].cap: deductions are below 0 and never reach 4; at most 4"),
        ({"floor": "0"}, "section[0].floor: deductions are below 0, so that all of them are cut"),
        ({"floor": "-4"}, None),
        ({"floor": "0", "deducts": False}, None),
    ],
)  # fmt: skip
def test_bounds_of_deductions_that_are_not_of_signed_points_are_said(bound, words):
    """罚分最多4分 is `floor = "-4"`: bounds are of the signed points."""
    fault = [kind_of_entry("fault", {"on": "date"})]
    one = clause("faults", "occurrence", entry="fault", base="each", section="fines",
                 amount=[amount("each", points="-1")])  # fmt: skip
    fines = section("fines", **{"deducts": True, "paraphrase": "略", **bound})
    found = small(one, sections=[fines], entries=fault)
    assert bool(found) == (words is not None)
    assert all(one.startswith(f"measure.toml, {words}") for one in found)
