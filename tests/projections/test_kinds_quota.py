"""Kind `quota`: how many count, by month, period and year; expected points by hand."""

from __future__ import annotations

from datetime import date

import pytest

from projections.measure.checking import problems
from projections.obligations import obligations
from projections.query import YearQuery
from tests.projections.folders import (
    HALVES,
    amount,
    clause,
    kind_of_entry,
    points,
    reading,
    scored,
    section,
    small_measure,
    state_of,
)

ARTICLE = kind_of_entry("article", {"on": "date", "level": "integer", "pages": "integer"})


def quota(owed=2, **keys):
    of = [amount("owed", count=owed), amount("short", points="-1"), amount("surplus", points="1")]
    given = {"entry": "article", "each": "year", "amount": of, **keys}
    return clause("quota", "quota", **given)


def measure_of(*clauses, of="year", **head):
    return small_measure(
        *clauses, entries=[ARTICLE], period=HALVES, section=[section(of=of)], **head
    )


def article(on, level=1, pages=1):
    return {"kind": "article", "on": on, "level": level, "pages": pages}


def case_report(month, cases=1, on=None):
    day = on or f"{month}-28"
    return {"kind": "case_report", "month": month, "cases": cases, "submitted_on": day}


def test_counts_the_case_reports_of_a_period_or_the_year():
    """2 are owed a half-year: 3 in the first, +1; 1 in the second, −1. Of the year 4 of 2: +2."""
    year = [case_report(f"2021-0{month}") for month in (1, 5, 6)] + [case_report("2021-07")]
    by_half = quota(entry="case_report", each="period")
    found = points(scored(measure_of(by_half, of="period"), year))
    assert [(one[1], one[2]) for one in found] == [(1, "1"), (2, "-1")]
    of_year = measure_of(quota(entry="case_report"))
    assert problems(of_year.content) == []
    assert [one[2] for one in points(scored(of_year, year))] == ["2"]


def test_case_reports_are_counted_under_the_condition_each_month_too():
    """At least one report of 3 cases or more a month: January has one, February does not."""
    where = [{"when": {"cases": "3-"}}]
    measure = measure_of(quota(1, entry="case_report", each="month", where=where))
    assert problems(measure.content) == []
    year = [case_report("2021-01", 3), case_report("2021-02", 2)]
    found = scored(measure, year, through=date(2021, 2, 28))
    assert points(found, zeros=True) == [("quota", None, "0", ["E1"]), ("quota", None, "-1", [])]


def test_what_is_missing_says_how_many_of_how_many_are_in():
    """Of 2 articles owed in the first half one is in."""
    measure = measure_of(quota(each="period"), of="period")
    unit = {"kind": "unit", "id": "V1", "name": "甲村", "type": "village"}
    state = state_of(measure, [unit, {**article("2021-02-01"), "unit": "V1"}])
    query = YearQuery(2021, date(2021, 6, 30), provisional=False)
    (first,) = obligations(state, measure, query)[1]
    assert (first.state, first.counted, first.owed) == ("missing", 1, 2)
    assert {"counted": 1, "owed": 2}.items() <= first.as_json().items()


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"until": "month"}, "quota.until"),
        ({"until": {"reading": "until"}, "reading": [reading("until", "any", "month")]},
         "quota.until"),
    ],
)  # fmt: skip
def test_a_limit_for_what_is_not_monthly_is_refused(keys, place):
    assert [one.place for one in problems(measure_of(quota(**keys)).content)] == [place]


@pytest.mark.parametrize(
    ("kind", "keys", "place"),
    [
        ("quota", {"each": "period"}, "one.each"),
        ("due", {"each": "period"}, "one.each"),
        ("clean", {"within": "period"}, "one.within"),
    ],
)
def test_a_span_of_periods_is_refused_in_a_year_without_periods(kind, keys, place):
    measure = small_measure(
        clause("one", kind, entry="article", amount=[amount("owed", count=1)], **keys),
        entries=[ARTICLE],
    )
    assert place in [one.place for one in problems(measure.content)]
