"""What lies between two periods, and what of a year a period has; expected points by hand."""

from __future__ import annotations

from datetime import date

import pytest

from projections.explanation import explain_year
from projections.measure.checking import problems, sentence
from projections.measure.remarks import remarks
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

EVENT = kind_of_entry("event", {"on": "date", "number": "integer?", "item": "text?",
                                "points": "decimal?"})  # fmt: skip
TASK = kind_of_entry("task", {"due": "date"}, "due", prefix="YY")
DONE = kind_of_entry("done", {"on": "date", "task": "reference:task"}, prefix="ZZ")
SEASONS = [period("spring", "02-01", ends="05-31"), period("autumn", "09-01", ends="11-30")]
LATE = [amount("report", points="-1", when={"state": [state]}) for state in ("late", "missing")]


def measure_of(*clauses, periods=SEASONS, of="period", **keys):
    return small_measure(
        *clauses, entries=[EVENT, TASK, DONE], period=periods, section=[section(of=of, **keys)]
    )


def event(on, **more):
    return {"kind": "event", "on": on, **more}


EACH = {
    "occurrence": {"base": "event", "amount": [amount("event", points="-2")]},
    "checklist": {"missing": "number", "amount": [amount("missing", points="-2")]},
    "quota": {"each": "period", "amount": [amount("owed", count=0), amount("surplus", points="1")]},
    "rate": {"numerator": "number", "denominator": "number", "no_cases": "none",
             "amount": [amount("full", points="3")]},
    "graded": {"item": "1", "amount": [amount("full", points="3")]},
}  # fmt: skip


@pytest.mark.parametrize("kind", EACH)
def test_an_entry_between_two_periods_is_listed_with_0_points(kind):
    """1 July lies between spring and autumn: the year's explanation lists it, nothing counts it."""
    measure = measure_of(clause("one", kind, entry="event", **EACH[kind]))
    assert [sentence(one) for one in problems(measure.content)] == []
    found = scored(measure, [event("2021-07-01", number=1, item="1", points="2")])
    assert points(found) == []
    assert ("one", None, "0", ["E1"]) in points(found, zeros=True)
    lines = explain_year(found.unit("V1"), found).postings
    (line,) = [one for one in lines if one.entries == ("E1",)]
    assert "in no period of the year" in str(line.working)


def test_a_month_that_ends_between_two_periods_is_owed_nothing():
    """5 September is of autumn. In the year's months only February to May, September to November
    end in a season: of 7 months with 1 owed each, one has it."""
    short = [amount("owed", count=1), amount("short", points="-1")]
    measure = measure_of(clause("one", "quota", entry="event", each="month", amount=short))
    found = scored(measure, [event("2021-09-05"), event("2021-07-01")])
    assert str(found.unit("V1").total) == "-6"
    assert ("one", None, "0", ["E2"]) in points(found, zeros=True)


def test_no_report_is_owed_between_two_periods():
    """Month ends of February to May and September to November: 7 reports missing."""
    measure = measure_of(clause("one", "due", entry="event", each="month", amount=LATE))
    assert str(scored(measure, []).unit("V1").total) == "-7"


def test_what_lies_between_two_periods_counts_beside_them():
    measure = measure_of(clause("one", "occurrence", entry="event", **EACH["occurrence"]),
                         of="beside")  # fmt: skip
    found = scored(measure, [event("2021-07-01")])
    assert str(found.unit("V1").total) == "-2"


@pytest.mark.parametrize(
    ("kind", "keys", "place"),
    [
        ("milestone", {"entry": "event", "by": "07-31", "amount": [amount("late", points="-1")]},
         "one.by"),
        ("due", {"entry": "event", "dates": ["07-31"], "amount": LATE}, "one.dates"),
        ("due", {"entry": "event", "each": "year", "amount": LATE}, "one.each"),
        ("quota", {"entry": "event", "each": "year",
                   "amount": [amount("owed", count=1), amount("short", points="-1")]}, "one.each"),
        ("clean", {"entry": "event", "within": "year", "amount": [amount("clean", points="1")]},
         "one.within"),
        ("graded", {"item": "1", "amount": [amount("full", points="1")]}, "one.entry"),
        ("all_done", {"entry": "task", "done_by": "done", "over": "year", "award": "once",
                      "amount": [amount("done", points="1")]}, "one.over"),
    ],
)  # fmt: skip
def test_a_clause_whose_day_lies_in_no_period_is_refused(kind, keys, place):
    given = clause("one", kind, **keys)
    assert [one.place for one in problems(measure_of(given).content)] == [place]
    assert problems(measure_of(given, periods=HALVES).content) == []
    assert problems(measure_of(given, of="year").content) == []


def test_days_in_no_period_are_said_of_a_section_of_periods():
    given = clause("one", "occurrence", entry="event", **EACH["occurrence"])
    (said,) = [one.what for one in remarks(measure_of(given).content) if one.place == "period"]
    assert str(said) == (
        "2021-01-01 to 2021-01-31, 2021-06-01 to 2021-08-31, 2021-12-01 to 2021-12-31: in no "
        "period; nothing is owed then, and entries of these days count nowhere in points"
    )
    for other in (measure_of(given, of="year"), measure_of(given, periods=HALVES)):
        assert "period" not in [one.place for one in remarks(other.content)]


def all_done(**keys):
    of = {"entry": "task", "done_by": "done", "award": "once", "none_due": True}
    return clause("one", "all_done", amount=[amount("done", points="5")], **of, **keys)


def test_a_period_in_which_nothing_fell_due_earns_the_points_too():
    """Nothing fell due in either half: 5 each. One task is not done in the second: 5 and 0."""
    measure = measure_of(all_done(), periods=HALVES)
    assert points(scored(measure, [])) == [("one", 1, "5", []), ("one", 2, "5", [])]
    task = {"kind": "task", "due": "2021-08-01"}
    assert points(scored(measure, [task])) == [("one", 1, "5", [])]
    assert points(scored(measure, [], through=date(2021, 12, 30))) == []


def test_all_that_fell_due_in_the_year_counts_in_the_period_of_its_last_day():
    """The only task is due, and done, in the first half; the points are of the year: of H2."""
    measure = measure_of(all_done(over="year"), periods=HALVES)
    task = {"kind": "task", "id": "A", "due": "2021-03-01"}
    done = {"kind": "done", "on": "2021-02-01", "task": "A"}
    assert points(scored(measure, [task, done])) == [("one", 2, "5", ["A"])]
    assert points(scored(measure, [])) == [("one", 2, "5", [])]


def test_a_year_without_anything_of_a_sort_counts_in_the_period_of_its_last_day():
    of = [amount("clean", points="3")]
    given = clause("one", "clean", entry="event", within="year", amount=of)
    found = scored(measure_of(given, periods=HALVES), [])
    assert points(found) == [("one", 2, "3", [])]
    assert str(found.unit("V1").total) == "3"


def test_the_first_of_a_case_in_a_period_counts_in_a_section_of_the_year_too():
    """Two in the first half, one in the second: 2 × −2."""
    given = clause("one", "occurrence", entry="event", once="period", **EACH["occurrence"])
    days = ["2021-02-01", "2021-03-01", "2021-08-01"]
    found = scored(measure_of(given, periods=HALVES, of="year"), [event(day) for day in days])
    assert str(found.unit("V1").total) == "-4"


def test_the_months_of_a_quota_cover_each_day_of_a_year_from_20_february_once():
    """Year 2021: 20 February 2021 to 19 February 2022. A day each in two months, 20 January to 19
    February and 20 February to 19 March, and 10 months with none of the one owed: 2 − 10."""
    of = [amount("owed", count=1), amount("each", points="1"), amount("short", points="-1")]
    measure = small_measure(
        clause("one", "quota", entry="event", each="month", amount=of), entries=[EVENT],
        calendar={"citation": "一", "starts": "02-20", "named_after": "first"},
    )  # fmt: skip
    found = scored(measure, [event("2022-02-10"), event("2021-03-19")])
    assert str(found.unit("V1").total) == "-8"
    spans = measure.calendar.month_spans(2021)
    days = [first for _, first, _ in spans]
    ends = [last for _, _, last in spans]
    assert (days[0], ends[-1], len(spans)) == (date(2021, 2, 20), date(2022, 2, 19), 12)
    assert [(day - end).days for day, end in zip(days[1:], ends, strict=False)] == [1] * 11
    assert [name for name, *_ in spans[:2]] == ["2021-02", "2021-03"]
