"""Kinds `milestone` and `checklist`; expected points by hand."""

from __future__ import annotations

from datetime import date

import pytest

from projections.measure.checking import problems
from tests.projections.folders import (
    HALVES,
    amount,
    clause,
    kind_of_entry,
    period,
    points,
    scored,
    section,
    small_measure,
)

PLAN = kind_of_entry("plan", {"on": "date", "revised": "flag?"})
CHECK = kind_of_entry("check", {"on": "date", "missing": "integer", "absent": "flag?"})


def plan_by_july(*amounts, **keys):
    given = clause("plan", "milestone", entry="plan", by="07-31", amount=list(amounts), **keys)
    return small_measure(given, entries=[PLAN])


def plan(on, **more):
    return {"kind": "plan", "on": on, **more}


def test_a_milestone_gives_points_for_what_was_done_by_the_day_itself():
    measure = plan_by_july(amount("done", points="2"))
    assert points(scored(measure, [plan("2021-07-31")])) == [("plan", None, "2", ["E1"])]
    assert points(scored(measure, [plan("2021-08-01")])) == []
    assert points(scored(measure, [])) == []


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("milestone", {"by": "05-31", "amount": [amount("late", points="-1")]}),
        (
            "due",
            {
                "dates": ["05-31"],
                "amount": [amount("report", points="-1", when={"state": ["late", "missing"]})],
            },
        ),
    ],
)
def test_refuses_opening_points_in_periods_in_which_nothing_falls_due(kind, keys):
    """H2 would have the 5 points too, though all is due in H1; the year has them once."""
    given = clause("one", kind, entry="thing", opening="5", **keys)
    thing = kind_of_entry("thing", {"on": "date"})
    halves = small_measure(given, entries=[thing], period=HALVES, section=[section(of="period")])
    ((place, words),) = [(one.place, str(one.what)) for one in problems(halves.content)]
    assert place == "one.opening"
    assert words.startswith("is given in every period of the section, in 2021H2 too")
    year = small_measure(given, entries=[thing], period=HALVES)
    assert problems(year.content) == []


def test_five_points_less_one_for_each_month_late_until_nothing_is_left():
    """Due 31 May: done on 10 July, the second month late, 5 − 2; on 31 December 5 − 7, cut at 0."""
    late = [amount("late", points="-1", times="months_late")]
    given = clause(
        "one", "milestone", entry="thing", by="05-31", opening="5", floor="0", amount=late
    )
    measure = small_measure(given, entries=[kind_of_entry("thing", {"on": "date"})])
    for day, expected in (("2021-05-31", 5), ("2021-07-10", 3), ("2021-12-31", 0)):
        assert scored(measure, [{"kind": "thing", "on": day}]).unit("V1").total == expected


@pytest.mark.parametrize(
    ("by", "day", "months"),
    [
        ("09-30", "2021-10-31", 1),
        ("09-30", "2021-11-01", 2),
        ("02-28", "2021-03-31", 1),
        ("07-31", "2021-08-31", 1),
        ("08-30", "2021-10-31", 3),
        ("08-15", "2021-09-15", 1),
        ("08-15", "2021-09-16", 2),
    ],
)
def test_months_are_counted_from_day_to_day_and_from_the_end_of_one_to_the_end_of_the_next(
    by, day, months
):
    late = [amount("late", points="-1", times="months_late")]
    given = clause("one", "milestone", entry="thing", by=by, amount=late)
    measure = small_measure(given, entries=[kind_of_entry("thing", {"on": "date"})])
    assert scored(measure, [{"kind": "thing", "on": day}]).unit("V1").total == -months


def test_a_milestone_is_not_judged_before_its_day():
    measure = plan_by_july(amount("late", points="-10"))
    assert points(scored(measure, [], through=date(2021, 7, 30)), zeros=True) == []


def test_each_month_late_costs_points_a_part_of_a_month_as_a_whole_one():
    """Due 31 July, done 5 October: August, September, part of October: 3 × −10."""
    measure = plan_by_july(amount("late", points="-10", times="months_late"))
    assert points(scored(measure, [plan("2021-10-05")])) == [("plan", None, "-30", ["E1"])]


def test_what_is_not_done_goes_on_costing_until_now_and_the_year_s_end():
    """Not done on 2 September: 2 months begun; at the year's end 5."""
    measure = plan_by_july(amount("late", points="-10", times="months_late"))
    found = scored(measure, [], through=date(2021, 9, 2))
    assert points(found) == [("plan", None, "-20", [])]
    assert points(scored(measure, [], through=date(2022, 3, 1))) == [("plan", None, "-50", [])]


def test_each_day_late_costs_points():
    """Due 31 July, done 3 August: 3 × −0.1."""
    measure = plan_by_july(amount("late", points="-0.1", times="days_late"))
    assert points(scored(measure, [plan("2021-08-03")])) == [("plan", None, "-0.3", ["E1"])]


def test_late_and_missing_may_have_amounts_of_their_own():
    late = amount("late", points="1", when={"state": ["late"]})
    missing = amount("late", points="-3", when={"state": ["missing"]})
    measure = plan_by_july(amount("done", points="2"), late, missing)
    assert points(scored(measure, [plan("2021-12-31")])) == [("plan", None, "1", ["E1"])]
    assert points(scored(measure, [])) == [("plan", None, "-3", [])]


@pytest.mark.parametrize(
    ("unit", "done_on", "expected"),
    [
        ({"assessed_from": "2021-07-15"}, "2021-07-01", 2),
        ({"assessed_until": "2021-08-10"}, "2021-08-20", -1),
        ({"assessed_until": "2021-08-10"}, None, -1),
        ({}, "2020-07-01", -5),
    ],
    ids=["done before", "done after", "not done", "done the year before"],
)
def test_what_a_unit_did_on_a_day_on_which_it_was_not_assessed_is_done(unit, done_on, expected):
    """2 points by 31 July, 1 less each month late; of a unit that left on 10 August, one month."""
    late = amount("late", points="-1", times="months_late")
    measure = plan_by_july(amount("done", points="2"), late)
    entries = [] if done_on is None else [plan(done_on)]
    named = {"id": "V1", "name": "甲村", **unit}
    assert scored(measure, entries, units=[named]).unit("V1").total == expected


def test_the_earliest_entry_that_fulfils_the_condition_counts():
    """The plan of May was not revised; the one of June was."""
    measure = plan_by_july(amount("done", points="2"), where=[{"when": {"revised": True}}])
    year = [plan("2021-05-01", revised=False), plan("2021-06-01", revised=True)]
    assert points(scored(measure, year)) == [("plan", None, "2", ["E2"])]
    assert points(scored(measure, year[:1])) == []


def test_a_milestone_before_the_first_day_that_counts_is_not_owed():
    """The measure counts from 1 September: the plan of July is not asked for."""
    calendar = {"citation": "一", "counts_from": date(2021, 9, 1)}
    given = clause(
        "plan", "milestone", entry="plan", by="07-31", amount=[amount("late", points="-1")]
    )
    measure = small_measure(given, entries=[PLAN], calendar=calendar)
    assert points(scored(measure, []), zeros=True) == []
    assert points(scored(measure, [], year=2022)) == [("plan", None, "-1", [])]


def checked(*amounts, **keys):
    given = clause("check", "checklist", entry="check", amount=list(amounts), **keys)
    halves = [period("H1", "01-01"), period("H2", "07-01")]
    return small_measure(given, entries=[CHECK], section=[section(of="period")], period=halves)


def check(on, missing, **more):
    return {"kind": "check", "on": on, "missing": missing, **more}


def test_each_check_costs_points_for_what_it_finds_missing():
    """3 and 0 missing in the first half, 1 in the second, at −0.5 each."""
    measure = checked(amount("missing", points="-0.5"))
    year = [check("2021-02-01", 3), check("2021-03-01", 0), check("2021-07-01", 1)]
    expected = [
        ("check", 1, "-1.5", ["E1"]),
        ("check", 1, "0", ["E2"]),
        ("check", 2, "-0.5", ["E3"]),
    ]
    assert points(scored(measure, year), zeros=True) == expected


def test_a_yes_or_no_field_costs_its_points_once_a_check():
    measure = checked(amount("missing", points="-5"), missing="absent")
    year = [check("2021-02-01", 0, absent=True), check("2021-03-01", 0), check("2021-04-01", 9)]
    assert points(scored(measure, year)) == [("check", 1, "-5", ["E1"])]


def test_a_unit_never_checked_is_listed_once_the_year_is_over_if_a_check_is_expected():
    measure = checked(amount("missing", points="-5"), expected=True)
    over = scored(measure, [], units=["V1", "V2"]).unit("V1")
    assert [(one.kind, one.clause) for one in over.open] == [("not_inspected", "check")]
    before = scored(measure, [], through=date(2021, 12, 30)).unit("V1")
    assert before.open == []
