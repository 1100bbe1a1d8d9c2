"""Floors, caps, openings and weights of clauses and sections; expected points by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from projections.explanation import explain_year
from projections.parallel import periodic_clauses
from tests.projections.folders import (
    amount,
    clause,
    kind_of_entry,
    period,
    points,
    reading,
    scored,
    section,
    small_measure,
)

FAULT = kind_of_entry("fault", {"on": "date", "number": "integer?"})
GRADE = kind_of_entry("grade", {"on": "date", "item": "text", "points": "decimal?"})


def fault(on="2021-02-01", number=1):
    return {"kind": "fault", "on": on, "number": number}


def faults(slug="fault", points="-2", **keys):
    each = [amount("fault", points=points, times="number")]
    return clause(slug, "occurrence", entry="fault", base="fault", amount=each, **keys)


def total(found, unit="V1"):
    return str(found.unit(unit).total)


def test_a_clause_that_opens_at_its_points_is_deducted_to_its_floor():
    """4 − 2 × 3 = −2: 2 are cut."""
    measure = small_measure(faults(opening=4, floor=0), entries=[FAULT])
    found = scored(measure, [fault(number=3)])
    assert points(found) == [
        ("fault", None, "4", []), ("fault", None, "-6", ["E1"]), ("fault", None, "2", ["E1"]),
    ]  # fmt: skip
    assert total(found) == "0"
    assert total(scored(measure, [fault(number=2)])) == "0"
    assert total(scored(measure, [])) == "4"


def test_a_clause_is_cut_at_its_cap():
    """3 × 2 = 6, at most 5."""
    measure = small_measure(faults(points="2", cap=5), entries=[FAULT])
    found = scored(measure, [fault(number=3)])
    assert points(found) == [("fault", None, "6", ["E1"]), ("fault", None, "-1", ["E1"])]


def test_bounds_may_depend_on_a_reading():
    floor = {"reading": "floor", "is": {"zero": "0"}}
    given = faults(opening=4, floor=floor, reading=[reading("floor", "none", "zero")])
    measure = small_measure(given, entries=[FAULT])
    assert total(scored(measure, [fault(number=3)])) == "-2"
    assert total(scored(measure, [fault(number=3)], rulings={"floor": "zero"})) == "0"


def test_the_bounds_of_a_clause_hold_in_each_period_of_its_section():
    """First half 4 − 6 → 0; second half 4 − 2 = 2."""
    halves = [period("H1", "01-01"), period("H2", "07-01")]
    measure = small_measure(
        faults(opening=4, floor=0), entries=[FAULT], period=halves, section=[section(of="period")]
    )
    found = scored(measure, [fault(number=3), fault("2021-08-01")]).unit("V1")
    assert [(one.name, str(one.score)) for one in found.periods] == [
        ("2021H1", "0"), ("2021H2", "2"),
    ]  # fmt: skip


def graded(item, full):
    of = [amount("full", points=full)]
    return clause(f"item-{item}", "graded", entry="grade", item=item, amount=of)


def grade(item, given):
    return {"kind": "grade", "on": "2021-12-31", "item": item, "points": given}


def test_a_floor_holds_for_the_parts_of_an_item_together():
    """Parts 1 and 2.5 of 3 give 3.5; 3 cases cost 6: the item is not below 0, 2.5 are cut."""
    cases = faults(floor=0, together_with=["item-1.1", "item-1.2"])
    measure = small_measure(
        graded("1.1", "1"), graded("1.2", "3"), cases, graded("2", "9"), entries=[FAULT, GRADE]
    )
    year = [grade("1.1", "1"), grade("1.2", "2.5"), fault(number=3), grade("2", "9")]
    found = scored(measure, year)
    assert points(found)[2:] == [
        ("fault", None, "-6", ["E3"]),
        ("fault", None, "2.5", ["E1", "E2", "E3"]),
        ("item-2", None, "9", ["E4"]),
    ]
    assert total(found) == "9.0"


def test_clauses_that_are_bounded_together_are_judged_in_one_process():
    """Of the reports' clauses those without a common bound can be judged apart."""
    late = amount("report", points="-1", when={"state": ["late"]})
    missing = amount("report", points="-2", when={"state": ["missing"]})

    def reports(slug, **keys):
        of = {"entry": "screening_report", "each": "month", "amount": [late, missing]}
        return clause(slug, "due", **of, **keys)

    bound = faults(floor=-9, together_with=["first"])
    measure = small_measure(reports("first"), reports("second"), bound, entries=[FAULT])
    assert periodic_clauses(measure) == {"second"}


def accounts(order, floor=0):
    account = section("points", opening=2000, floor=floor, floor_order=order)
    return small_measure(faults(points="-1000"), entries=[FAULT], section=[account])


def test_a_section_that_opens_at_its_points_is_cut_at_its_floor():
    """2,000 − 3 × 1,000 = −1,000: 1,000 cut, of the last in time."""
    year = [fault("2021-05-01"), fault("2021-03-01"), fault("2021-04-01")]
    found = scored(accounts("last"), year)
    assert points(found)[-1] == ("points", None, "1000", ["E1"])
    assert total(found) == "0"


def test_all_entries_are_named_where_a_floor_cuts_pro_rata():
    year = [fault("2021-05-01"), fault("2021-03-01"), fault("2021-04-01")]
    found = scored(accounts("pro_rata"), year)
    assert points(found)[-1] == ("points", None, "1000", ["E2", "E3", "E1"])


def test_a_floor_names_as_many_of_the_last_as_it_cuts():
    """2,000 − 4,500 (3,000 + 1,000 + 500 faults at −1): 2,500 cut, of the last 3,000 alone."""
    account = section("points", opening=2000, floor=0)
    measure = small_measure(faults(points="-1"), entries=[FAULT], section=[account])
    year = [
        fault("2021-01-01", 1000), fault("2021-02-01", 500), fault("2021-03-01", 3000),
    ]  # fmt: skip
    assert points(scored(measure, year))[-1] == ("points", None, "2500", ["E3"])


def test_a_section_is_weighted_after_its_bounds():
    """(10 − 4) × 0.6 = 3.6."""
    measure = small_measure(
        faults(), entries=[FAULT], section=[section(opening=10, cap=10, weight="0.6")]
    )
    found = scored(measure, [fault(number=2)])
    assert points(found)[-1] == ("points", None, "-2.4", [])
    assert total(found) == "3.6"


@pytest.mark.parametrize(
    ("given", "more"),
    [
        ({"opening": 10, "floor": 0}, [(None, "4")]),
        ({"floor": -5}, [(None, "9")]),
        ({"opening": 30, "cap": 12}, [(None, "-4")]),
        ({"opening": 20, "weight": "0.5"}, [(1, "4"), (2, "3"), (None, "-10")]),
    ],
)
def test_a_section_beside_the_periods_opens_and_is_bounded_once_in_the_year(given, more):
    """10 − 8 − 6 = −4, not below 0; −14, not below −5; 30 − 14 = 16, at most 12; (20 − 14) × 0.5.

    Of the weight 4 and 3 are told with the halves, −10 with the year.
    """
    halves = [period("H1", "01-01"), period("H2", "07-01")]
    measure = small_measure(
        faults(), entries=[FAULT], period=halves, section=[section(of="beside", **given)]
    )
    found = scored(measure, [fault(number=4), fault("2021-08-01", number=3)])
    faulty = [("fault", 1, "-8"), ("fault", 2, "-6")]
    assert [one[:3] for one in points(found)] == [*faulty, *(("points", *one) for one in more)]
    of_section = found.unit("V1").sections["points"]
    assert of_section == given.get("opening", 0) - 14 + sum(Decimal(one) for _, one in more)
    assert found.unit("V1").total == of_section


def test_what_lies_between_two_periods_is_bounded_with_what_is_beside_them():
    """1 July is in no period: −2 in spring, −6 between, not below −5: 3 are cut, of the last."""
    spring = [period("S", "02-01", ends="05-31")]
    measure = small_measure(
        faults(), entries=[FAULT], period=spring, section=[section(of="beside", floor=-5)]
    )
    found = scored(measure, [fault(), fault("2021-07-01", number=3)])
    assert points(found)[-1] == ("points", None, "3", ["E2"])
    assert total(found) == "-5"


def test_a_quarter_carried_forward_is_told_beside_without_the_opening_of_the_year():
    """Published with −3; the section opens at 10 once, in the year: 10 − 3 = 7."""
    halves = [period("H1", "01-01"), period("H2", "07-01")]
    measure = small_measure(
        faults(), entries=[FAULT], period=halves, section=[section(of="beside", opening=10)]
    )
    published = {"period": "2021H1", "sections": {"points": "-3"}, "basis": "通报"}
    carried = {"kind": "carried_quarter", **published}
    found = scored(measure, [carried])
    assert total(found) == "7"
    assert points(found) == [("points", 1, "-3", ["E1"])]
    assert str(explain_year(found.unit("V1"), found).closing) == "7"


def test_sections_have_no_opening_points_before_the_first_day_that_counts():
    measure = small_measure(
        faults(opening=4), faults("more"), entries=[FAULT],
        section=[section(opening=100, floor=50)],
    )  # fmt: skip
    before = scored(measure, [], through=date(2020, 12, 31))
    assert (total(before), points(before)) == ("0", [])
    assert str(explain_year(before.unit("V1"), before).closing) == "0"
    assert total(scored(measure, [], through=date(2021, 1, 1))) == "104"


def test_a_period_that_ends_before_the_first_day_that_counts_is_left_out():
    """From 1 September on: of quarters that open at 5 the third and fourth are assessed."""
    quarters = [period(f"Q{one}", f"{3 * one - 2:02}-01") for one in range(1, 5)]
    calendar = {"citation": "一", "counts_from": date(2021, 9, 1)}
    measure = small_measure(
        faults(opening=2), entries=[FAULT], period=quarters, calendar=calendar,
        section=[section(of="period", opening=5)],
    )  # fmt: skip
    found = scored(measure, [])
    assert [one.name for one in found.unit("V1").periods] == ["2021Q3", "2021Q4"]
    assert total(found) == "14"


def test_what_a_section_deducts_is_told_as_a_positive_number():
    measure = small_measure(faults(), entries=[FAULT], section=[section(deducts=True)])
    found = scored(measure, [fault()]).unit("V1")
    assert (str(found.sections["points"]), str(found.total)) == ("2", "-2")
