"""Periods of other lengths, groups of units and visitors, kinds of entries of a measure's own."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from projections.measure.checking import problems
from tests.projections.folders import (
    WORDS,
    amount,
    clause,
    kind_of_entry,
    period,
    points,
    reading,
    scored,
    section,
    small_measure,
    state_of,
)

FIRE = kind_of_entry("fire", {"on": "date", "detector": "text?", "area": "decimal?"})
REPORT = kind_of_entry("report", {"on": "date", "due": "date?"})
GRADE = kind_of_entry(
    "grade", {"year": "year", "item": "text", "points": "decimal?", "office": "text?"}, "year"
)
SEASONS = [
    period("summer", "05-20", ends="07-10"),
    period("autumn", "09-15", ends="11-30"),
]
MONTHS = [period(f"M{month}", f"{month:02}-01") for month in range(1, 13)]


def fire(on, **more):
    return {"kind": "fire", "on": on, **more}


def fires(*amounts, **keys):
    base = list(amounts) or [amount("fire", points="-3")]
    return clause("fire", "occurrence", entry="fire", base="fire", amount=base, **keys)


def scores_of(found, unit="V1"):
    return [(one.name, str(one.score)) for one in found.unit(unit).periods]


def test_two_seasons_are_scored_apart_and_what_lies_between_is_in_neither():
    """Each season opens at 100; 10 July is summer's last day, 11 July in no season."""
    measure = small_measure(
        fires(), entries=[FIRE], period=SEASONS, section=[section(of="period", opening=100)]
    )
    days = ["2021-05-20", "2021-07-10", "2021-07-11", "2021-09-14", "2021-11-30", "2021-12-01"]
    found = scored(measure, [fire(day) for day in days])
    assert scores_of(found) == [("2021summer", "94"), ("2021autumn", "97")]
    assert str(found.unit("V1").total) == "191"


def test_a_season_not_begun_is_left_out():
    measure = small_measure(
        fires(), entries=[FIRE], period=SEASONS, section=[section(of="period", opening=100)]
    )
    found = scored(measure, [fire("2021-05-20")], through=date(2021, 9, 14))
    assert scores_of(found) == [("2021summer", "97")]


def test_twelve_months_are_scored_one_by_one_and_reports_fall_due_in_each():
    """Due each month's last day: January in time, February late (−1), March missing (−2)."""
    due = clause(
        "report", "due", entry="report", each="month",
        amount=[
            amount("report", points="-1", when={"state": ["late"]}),
            amount("report", points="-2", when={"state": ["missing"]}),
        ],
    )  # fmt: skip
    measure = small_measure(
        due, entries=[REPORT], period=MONTHS, section=[section(of="period", opening=10)]
    )
    year = [{"kind": "report", "on": day} for day in ("2021-01-31", "2021-03-02")]
    found = scored(measure, year, through=date(2021, 3, 31))
    assert scores_of(found) == [("2021M1", "10"), ("2021M2", "9"), ("2021M3", "8")]


def test_reports_are_owed_each_half_month_for_the_day_that_they_name():
    """15 and 31 January: the report for the 31st came in on the 20th, none for the 15th."""
    due = clause(
        "report", "due", entry="report", each="half_month", owed_for="due",
        amount=[
            amount("report", points="-1", when={"state": ["late"]}),
            amount("report", points="-2", when={"state": ["missing"]}),
        ],
    )  # fmt: skip
    measure = small_measure(due, entries=[REPORT])
    year = [{"kind": "report", "on": "2021-01-20", "due": "2021-01-31"}]
    found = scored(measure, year, through=date(2021, 1, 31))
    assert points(found, zeros=True) == [
        ("report", None, "-2", []), ("report", None, "0", ["E1"]),
    ]  # fmt: skip


def test_a_year_may_begin_on_any_day_and_be_named_after_it():
    """The year 2021 is 20 February 2021 to 19 February 2022."""
    calendar = {"citation": "一", "starts": "02-20", "named_after": "first"}
    measure = small_measure(fires(), entries=[FIRE], calendar=calendar)
    days = ["2021-02-19", "2021-02-20", "2022-02-19", "2022-02-20"]
    found = scored(measure, [fire(day) for day in days])
    assert points(found) == [("fire", None, "-3", ["E2"]), ("fire", None, "-3", ["E3"])]


def test_only_entries_from_the_day_in_force_count_in_the_first_year():
    since = {"reading": "first_year", "is": {"from_issue": "2021-08-25"}}
    given = fires(reading=[reading("first_year", "from_issue", "whole")])
    calendar = {"citation": "一", "counts_from": since}
    measure = small_measure(given, entries=[FIRE], calendar=calendar)
    year = [fire("2021-08-24"), fire("2021-08-25")]
    assert points(scored(measure, year)) == [("fire", None, "-3", ["E2"])]
    assert len(points(scored(measure, year, rulings={"first_year": "whole"}))) == 2
    next_year = [fire("2022-01-01")]
    assert len(points(scored(measure, next_year, year=2022))) == 1


def test_an_amount_may_be_stated_for_a_part_of_the_year():
    """A supplement of 1 July makes a fire cost 5."""
    old = amount("fire", points="-3", until=date(2021, 6, 30))
    new = amount("fire", points="-5", since=date(2021, 7, 1))
    measure = small_measure(fires(old, new), entries=[FIRE])
    found = scored(measure, [fire("2021-06-30"), fire("2021-07-01")])
    assert points(found) == [("fire", None, "-3", ["E1"]), ("fire", None, "-5", ["E2"])]


def test_amounts_are_chosen_by_ranges_of_a_measure_s_own_number():
    """Above 300 m² costs more; the bound itself, and what lies up to 301, does not."""
    small = amount("fire", points="-3", when={"area": "0-300"})
    large = amount("fire", points="-8", when={"area": "301-"})
    measure = small_measure(fires(small, large), entries=[FIRE])
    areas = ["300", "300.9", "301"]
    found = scored(measure, [fire(f"2021-01-0{n}", area=one) for n, one in enumerate(areas, 1)])
    assert [one[2:] for one in points(found)] == [("-3", ["E1"]), ("-3", ["E2"]), ("-8", ["E3"])]


def test_a_clause_is_for_some_units_and_the_others_get_points_instead():
    units = {
        "type": [{"value": "village", "title": WORDS}, {"value": "community", "title": WORDS}],
        "group": [{"value": "hills", "title": WORDS}],
    }
    for_some = fires(applies_to={"type": ["village"], "group": ["hills"], "otherwise": "2"})
    measure = small_measure(for_some, entries=[FIRE], units=units)
    named = [
        {"id": "V1", "name": "V1", "type": "village", "group": "hills"},
        {"id": "V2", "name": "V2", "type": "village"},
        {"id": "C1", "name": "C1", "type": "community", "group": "hills"},
    ]
    year = [fire("2021-01-01", unit=unit) for unit in ("V1", "V2", "C1")]
    found = scored(measure, year, units=named)
    assert points(found, "V1") == [("fire", None, "-3", ["E1"])]
    assert points(found, "V2") == [("fire", None, "2", [])]
    assert points(found, "C1") == [("fire", None, "2", [])]


def visits(**keys):
    half = amount("special", factor="0.5", when={"group": ["veterans"]})
    of = [amount("visit", points="-4"), half]
    return clause(
        "visit", "occurrence", entry="petition_batch", base="visit", factors=["special"],
        amount=of, **keys,
    )  # fmt: skip


def visit(**more):
    fixed = {"matter": "M-1", "level": "city", "headcount": 3, "abnormal": False}
    return {"kind": "petition_batch", "occurred_at": "2021-02-01T09:00", **fixed, **more}


BATCHES = {"collective_from": 5, "group": [{"value": "veterans", "title": WORDS}]}


def test_a_group_of_visitors_has_a_factor_of_its_own():
    measure = small_measure(visits(), batches=BATCHES)
    found = scored(measure, [visit(), visit(group="veterans", matter="M-2")])
    assert points(found) == [("visit", None, "-4", ["E1"]), ("visit", None, "-2", ["E2"])]


@pytest.mark.parametrize("batches", [BATCHES, {"collective_from": 5}])
def test_refuses_a_group_of_visitors_that_the_measure_does_not_name(batches):
    measure = small_measure(
        clause("r", "rank", amount=[amount("place", points="1")]), batches=batches
    )
    with pytest.raises(AssertionError, match="is not a group of the measure"):
        scored(measure, [visit(group="students")])


def graded(*amounts, item="1", **keys):
    of = list(amounts) or [amount("full", points="3")]
    return clause(f"item-{item}", "graded", entry="grade", item=item, amount=of, **keys)


def grade(given, office="a", item="1", year=2021):
    return {"kind": "grade", "year": year, "item": item, "points": given, "office": office}


def test_findings_that_name_their_year_count_once_it_is_over():
    measure = small_measure(graded(), entries=[GRADE])
    year = [grade("2.5"), grade("1", year=2020)]
    assert points(scored(measure, year)) == [("item-1", None, "2.5", ["E1"])]
    assert points(scored(measure, year, through=date(2021, 12, 30)), zeros=True) == []


def test_an_unverified_finding_that_names_its_year_is_an_open_point_of_that_year_alone():
    measure = small_measure(graded(), entries=[GRADE])
    year = [grade("2.5"), grade("1", year=2020)]
    found = scored(measure, year, unverified=["E1", "E2"]).unit("V1")
    assert [(one.kind, one.entry, one.clause) for one in found.open] == [
        ("not_inspected", None, "item-1"),
        ("unverified", "E1", "item-1"),
    ]


@pytest.mark.parametrize(
    ("several", "expected"), [("lower", "1"), ("higher", "2.5"), ("mean", "1.75"), ("sum", "3.5")]
)
def test_one_of_several_offices_findings_counts(several, expected):
    given = graded(several={"reading": "two"}, reading=[reading("two", several)])
    found = scored(small_measure(given, entries=[GRADE]), [grade("2.5"), grade("1", "b")])
    assert points(found) == [("item-1", None, expected, ["E1", "E2"])]


@pytest.mark.parametrize(
    ("findings", "keys", "expected"),
    [
        ([{"missing": "3"}, {"missing": "2"}], {}, "7.5"),
        ([{"points": "4"}, {"points": "5"}], {"cap": "10"}, "9"),
        ([{"points": "8"}, {"missing": "3"}], {}, "6.5"),
        ([{"points": "8"}, {"missing": "3"}, {"missing": "1"}], {}, "6"),
        ([{"missing": "15"}, {"missing": "10"}], {"floor": "0"}, "0"),
    ],
)
def test_what_several_findings_miss_is_taken_from_the_item_once(findings, keys, expected):
    """10 points, 0.5 less for each missing: 3 and 2 missing leave 10 - 2.5 = 7.5."""
    fields = {"on": "date", "item": "text", "points": "decimal?", "missing": "decimal?"}
    of = [amount("full", points="10"), amount("missing", points="-0.5")]
    measure = small_measure(
        graded(*of, several="sum", **keys), entries=[kind_of_entry("grade", fields)]
    )
    given = [{"kind": "grade", "on": "2021-03-01", "item": "1", **one} for one in findings]
    assert str(scored(measure, given).unit("V1").total.normalize()) == expected


def test_a_finding_by_another_office_than_the_item_names_costs_and_earns_nothing():
    given = graded(where=[{"when": {"office": ["a"]}}])
    found = scored(small_measure(given, entries=[GRADE]), [grade("1", "b")])
    assert points(found, zeros=True) == [
        ("item-1", None, "0", ["E1"]), ("item-1", None, "0", []),
    ]  # fmt: skip
    assert [one.kind for one in found.unit("V1").open] == ["not_inspected"]


def test_findings_of_each_half_year_are_points_of_that_half():
    """The first half's item is graded 2 of 3; the second half's is not inspected."""
    dated = kind_of_entry("grade", {"on": "date", "item": "text", "points": "decimal?"})
    halves = [period("H1", "01-01"), period("H2", "07-01")]
    measure = small_measure(
        graded(), entries=[dated], period=halves, section=[section(of="period")]
    )
    year = [{"kind": "grade", "on": "2021-06-01", "item": "1", "points": "2"}]
    found = scored(measure, year)
    assert scores_of(found) == [("2021H1", "2"), ("2021H2", "0")]
    assert [(one.kind, one.period) for one in found.unit("V1").open] == [("not_inspected", 2)]
    assert scores_of(scored(measure, year, through=date(2021, 7, 1)))[1] == ("2021H2", "0")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (grade("3.1"), "at item 1 must be 0 to 3"),
        (grade("-1"), "at item 1 must be 0 to 3"),
        (grade("1", item="9"), "is not an item of the measure"),
        (grade(None), "give either points or missing"),
    ],
)
def test_refuses_a_finding_that_the_measure_s_item_does_not_provide_for(entry, expected):
    entry = {name: value for name, value in entry.items() if value is not None}
    with pytest.raises(AssertionError, match=expected):
        scored(small_measure(graded(), entries=[GRADE]), [entry])


@pytest.mark.parametrize(
    ("more", "field"),
    [({"area": "many"}, "area"), ({"colour": "red"}, "colour"), ({"on": "31 May"}, "on")],
)
def test_refuses_a_wrong_value_and_an_unknown_field_of_an_own_kind(more, field):
    measure = small_measure(fires(), entries=[FIRE])
    with pytest.raises(ValidationError, match=field):
        state_of(measure, [{"id": "F1", "unit": "V1", **fire("2021-01-01"), **more}])


def test_a_finding_counts_up_to_the_points_that_the_reading_gives_the_item():
    """Recorded with 1.5, the most under any reading; where the item has 1 point, 1 counts."""
    full = amount("full", points={"reading": "full", "is": {"parts": "1", "item": "1.5"}})
    given = graded(full, reading=[reading("full", "parts", "item")])
    measure = small_measure(given, entries=[GRADE])
    assert points(scored(measure, [grade("1.5")])) == [("item-1", None, "1", ["E1"])]
    ruled = scored(measure, [grade("1.5")], rulings={"full": "item"})
    assert points(ruled) == [("item-1", None, "1.5", ["E1"])]
    with pytest.raises(AssertionError, match=r"at item 1 must be 0 to 1\.5"):
        scored(measure, [grade("1.6")])


def of_groups(*groups):
    """Return a clause for each group: item 1 of as many points as the group's clause says."""
    return [
        clause(
            f"item-{number}", "graded", entry="grade", item="1", applies_to=to,
            amount=[amount("full", points=full)],
        )
        for number, (to, full) in enumerate(groups, 1)
    ]  # fmt: skip


def measure_of_groups(*groups):
    declared = [{"value": one, "title": WORDS} for one in ("hills", "plain")]
    types = [{"value": one, "title": WORDS} for one in ("village", "farm")]
    return small_measure(
        *of_groups(*groups), entries=[GRADE], units={"type": types, "group": declared}
    )


def test_an_item_may_have_other_points_for_each_group_of_units():
    """Graded 5: of 5 points in the hills, and of 3 in the plain."""
    measure = measure_of_groups(({"group": ["hills"]}, 5), ({"group": ["plain"]}, 3))
    assert problems(measure.content) == []
    units = [{"id": one, "name": one, "group": group}
             for one, group in (("V1", "hills"), ("V2", "plain"))]  # fmt: skip
    year = [grade("5"), {**grade("5"), "unit": "V2"}, {**grade("1", "b"), "unit": "V2"}]
    found = scored(measure, year[:2], units=units)
    assert [points(found, unit) for unit in ("V1", "V2")] == [
        [("item-1", None, "5", ["E1"])], [("item-2", None, "3", ["E2"])],
    ]  # fmt: skip
    (unverified,) = scored(measure, year, units=units, unverified=["E3"]).unit("V2").open
    assert (unverified.kind, unverified.clause) == ("unverified", "item-2")
    with pytest.raises(AssertionError, match="must be 0 to 5"):
        scored(measure, [grade("5.5")], units=units)


@pytest.mark.parametrize(
    "to", [{"group": ["hills", "plain"]}, {"type": ["village"]}, {"otherwise": "1"}]
)
def test_an_item_for_which_a_unit_has_two_clauses_is_refused(to):
    found = problems(measure_of_groups(({"group": ["hills"]}, 5), (to, 3)).content)
    assert [one.place for one in found] == ["item-1.item", "item-2.item"]
