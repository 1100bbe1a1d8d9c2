"""Amounts for a part of the year (`from`, `until`) in every kind; expected points by hand."""

from __future__ import annotations

from datetime import date

import pytest

from projections.kinds import KINDS
from projections.measure.checking import problems, sentence
from tests.projections.folders import (
    HALVES,
    amount,
    clause,
    kind_of_entry,
    lone_batch,
    points,
    scored,
    section,
    small_measure,
)

JUNE, JULY = date(2021, 6, 30), date(2021, 7, 1)
THING = kind_of_entry("thing", {"on": "date", "number": "integer"})
TASK = kind_of_entry("task", {"on": "date"}, prefix="ZZ")
DONE = kind_of_entry("finish", {"on": "date", "task": "reference:task"}, prefix="YY")
GRADE = kind_of_entry("grade", {"on": "date", "item": "text", "points": "decimal"}, prefix="WW")


def changing(of, first, second, unit="points", **keys):
    """Return an amount until June, and another one from July on."""
    return [
        amount(of, until=JUNE, **{unit: first}, **keys),
        amount(of, since=JULY, **{unit: second}, **keys),
    ]


def thing(on, number=1, **more):
    return {"kind": "thing", "on": on, "number": number, **more}


LATE = {"when": {"state": ["late"]}}
MISSING = {"when": {"state": ["missing"]}}

# By kind: keys of the clause, entries, and (period, points) of each posting that is not 0. What
# costs 1 or earns 1 in the first half of the year costs or earns 2 in the second.
OF_KIND = {
    "due": (
        {
            "entry": "thing", "dates": ["06-30", "09-30"],
            "amount": [*changing("report", "-1", "-2", **MISSING),
                       *changing("report", "-1", "-2", **LATE)],
        },
        [],
        [(1, "-1"), (2, "-2")],
    ),
    "quota": (
        {
            "entry": "thing", "each": "period",
            "amount": [*changing("owed", 1, 2, "count"), *changing("short", "-1", "-2")],
        },
        [],
        [(1, "-1"), (2, "-4")],
    ),
    "occurrence": (
        {"entry": "thing", "base": "thing", "amount": changing("thing", "1", "2")},
        [thing("2021-06-30"), thing("2021-07-01")],
        [(1, "1"), (2, "2")],
    ),
    "warned": (
        {"amount": changing("unwarned", "-1", "-2")},
        [lone_batch("XF-1", "2021-06-30"), lone_batch("XF-2", "2021-07-01")],
        [(1, "-1"), (2, "-2")],
    ),
    "graded": (
        {"item": "1", "entry": "grade", "amount": changing("full", "1", "2")},
        [{"kind": "grade", "on": day, "item": "1", "points": "1"}
         for day in ("2021-02-01", "2021-08-01")],
        [(1, "1"), (2, "1")],
    ),
    "checklist": (
        {"entry": "thing", "missing": "number", "amount": changing("missing", "-1", "-2")},
        [thing("2021-06-30", 3), thing("2021-07-01", 3)],
        [(1, "-3"), (2, "-6")],
    ),
    "milestone": (
        {
            "entry": "thing", "by": "07-31",
            "amount": [*changing("done", "1", "2"), *changing("late", "-1", "-2")],
        },
        [thing("2021-06-30")],
        [(2, "2")],
    ),
    "rate": (
        {"entry": "thing", "numerator": "number", "denominator": "number",
         "amount": changing("full", "1", "2")},
        [thing("2021-06-30"), thing("2021-07-01")],
        [(1, "1"), (2, "2")],
    ),
    "clean": (
        {"entry": "thing", "within": "period", "amount": changing("clean", "1", "2")},
        [],
        [(1, "1"), (2, "2")],
    ),
    "all_done": (
        {"entry": "task", "done_by": "finish", "amount": changing("done", "1", "2")},
        [
            {"kind": "task", "id": "A", "on": "2021-06-30"},
            {"kind": "finish", "on": "2021-06-01", "task": "A"},
            {"kind": "task", "id": "B", "on": "2021-07-31"},
            {"kind": "finish", "on": "2021-06-02", "task": "B"},
        ],
        [(1, "1"), (2, "2")],
    ),
}  # fmt: skip


def measure_of(*clauses, of="period", **head):
    return small_measure(
        *clauses,
        entries=[THING, TASK, DONE, GRADE],
        period=HALVES,
        section=[section(of=of)],
        **head,
    )


def found_problems(measure):
    return [sentence(one) for one in problems(measure.content)]


@pytest.mark.parametrize("kind", OF_KIND)
def test_the_day_that_a_posting_is_about_selects_the_amount(kind):
    keys, entries, expected = OF_KIND[kind]
    measure = measure_of(clause("one", kind, **keys))
    assert found_problems(measure) == []
    found = points(scored(measure, entries))
    assert [(one[1], one[2]) for one in found] == expected


def test_every_kind_that_has_periods_is_tried():
    assert {*OF_KIND, "flag", "rank"} == set(KINDS)


@pytest.mark.parametrize("state", ["in", "late"])
def test_a_report_costs_by_its_due_day_whenever_it_comes(state):
    """Due on 30 June and in on 2 July, under an amount that changes on 1 July: the old one."""
    keys = {
        "entry": "thing", "dates": ["06-30"],
        "amount": [*changing("report", "1", "2", when={"state": [state]}),
                   *(one for given in ({"state": ["missing"]}, {"state": ["late"]})
                     if given["state"] != [state]
                     for one in changing("report", "0", "0", when=given))],
    }  # fmt: skip
    measure = measure_of(clause("one", "due", **keys))
    on = "2021-06-30" if state == "in" else "2021-07-02"
    assert points(scored(measure, [thing(on)])) == [("one", 1, "1", ["E1"])]


def test_a_flag_depends_on_the_day_of_the_entry():
    flags = [{"flag": "old", "title": {"zh": "旧", "en": "old"}},
             {"flag": "new", "title": {"zh": "新", "en": "new"}}]  # fmt: skip
    given = clause("one", "flag", entry="thing", amount=changing("flag", "old", "new", "flag"))
    measure = measure_of(given, flag=flags)
    assert found_problems(measure) == []
    assert scored(measure, [thing("2021-06-30")]).unit("V1").flags == ("old",)
    assert scored(measure, [thing("2021-07-01")]).unit("V1").flags == ("new",)


def test_a_flag_by_a_total_and_a_place_depend_on_the_last_day_of_the_year():
    flags = [{"flag": "new", "title": {"zh": "新", "en": "new"}}]
    total = amount("flag", since=JULY, flag="new", when={"total": "2-"})
    measure = measure_of(
        clause("flag", "flag", entry="thing", total="number", amount=[total]),
        clause("place", "rank", amount=changing("place", "1", "2", when={"place": "1"})),
        of="year",
        flag=flags,
    )
    assert found_problems(measure) == []
    found = scored(measure, [thing("2021-02-01", 2)]).unit("V1")
    assert (found.flags, str(found.total)) == (("new",), "2")


def test_all_that_fell_due_in_a_period_earns_by_its_last_day():
    keys = {
        "entry": "task", "done_by": "finish", "award": "once",
        "amount": [*changing("done", "1", "2"), *changing("not_done", "-1", "-2")],
    }  # fmt: skip
    measure = measure_of(clause("one", "all_done", **keys))
    entries = [{"kind": "task", "on": day} for day in ("2021-06-30", "2021-07-31")]
    found = points(scored(measure, entries))
    assert [(one[1], one[2]) for one in found] == [(1, "-1"), (2, "-2")]


@pytest.mark.parametrize(
    ("kind", "of"),
    [("due", "report"), ("quota", "owed"), ("graded", "full"), ("checklist", "missing"),
     ("rate", "full"), ("clean", "clean"), ("all_done", "done"), ("occurrence", "thing")],
)  # fmt: skip
def test_an_amount_that_is_stated_for_a_half_year_alone_is_refused(kind, of):
    """From July to December nothing is stated."""
    keys = dict(OF_KIND[kind][0])
    keys["amount"] = [one for one in keys["amount"] if "until" in one or one["of"] != of]
    found = found_problems(measure_of(clause("one", kind, **keys)))
    assert [one for one in found if f"there is no amount of “{of}” for" in one], found
    assert [one for one in found if "2021-07-01–2021-12-31" in one], found
