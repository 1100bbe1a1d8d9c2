"""Kind `rate`: points in proportion, or fewer below a threshold; expected points by hand."""

from __future__ import annotations

import pytest

from ledger.decimals import plain
from projections.measure.checking import problems, sentence
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
)

ANSWERS = kind_of_entry(
    "answers", {"on": "date", "done": "integer", "all": "integer", "sort": "text?"}
)


def answers(done, of, on="2021-03-01", **more):
    return {"kind": "answers", "done": done, "all": of, "on": on, **more}


def in_proportion(**keys):
    of = {"entry": "answers", "numerator": "done", "denominator": "all"}
    amounts = [amount("full", points="10")]
    return clause("rate", "rate", **{**of, "amount": amounts, **keys})


def test_gives_points_in_proportion_over_the_whole_year():
    """3/4 + 5/8: 8 of 12 × 10 = 6.67, not the mean of two rates (6.88)."""
    measure = small_measure(in_proportion(), entries=[ANSWERS])
    found = scored(measure, [answers(3, 4), answers(5, 8, "2021-11-01")])
    assert points(found) == [("rate", None, "6.67", ["E1", "E2"])]


def test_rounds_half_up_to_the_places_stated():
    """1/8 × 10 = 1.25, to one place 1.3."""
    measure = small_measure(in_proportion(places=1), entries=[ANSWERS])
    assert points(scored(measure, [answers(1, 8)])) == [("rate", None, "1.3", ["E1"])]


def test_waits_for_the_end_of_the_year():
    measure = small_measure(in_proportion(), entries=[ANSWERS])
    day = measure.calendar.last_day(2021).replace(day=30)
    assert points(scored(measure, [answers(1, 2)], through=day), zeros=True) == []


def test_a_unit_without_cases_gets_full_points_or_none_by_the_reading():
    """A denominator of 0 is a unit without cases too."""
    given = in_proportion(no_cases={"reading": "none"}, reading=[reading("none", "full", "none")])
    measure = small_measure(given, entries=[ANSWERS])
    assert points(scored(measure, [])) == [("rate", None, "10", [])]
    assert points(scored(measure, [answers(0, 0)])) == [("rate", None, "10", ["E1"])]
    assert points(scored(measure, [], rulings={"none": "none"})) == []


def test_takes_points_below_the_threshold_in_each_half():
    """84.9 % of the first half is below 85 % and costs 1; 85 % of the second is not."""
    amounts = [amount("threshold", percent=85), amount("below", points="-1")]
    given = in_proportion(amount=amounts)
    measure = small_measure(given, entries=[ANSWERS], period=HALVES, section=[section(of="period")])
    year = [answers(849, 1000, "2021-06-30"), answers(85, 100, "2021-07-01")]
    found = scored(measure, year)
    expected = [("rate", 1, "-1", ["E1"]), ("rate", 2, "0", ["E2"])]
    assert points(found, zeros=True) == expected


@pytest.mark.parametrize(
    ("done", "times", "expected"),
    [
        (95, "points_below", "10"),
        (92, "points_below", "8.5"),
        (92, "points_begun", "8.5"),
        ("92.5", "points_below", "9"),
        ("92.5", "points_begun", "8.5"),
        (50, "points_below", "0"),
    ],
)
def test_takes_points_for_each_percentage_point_below_the_threshold(done, times, expected):
    """10 points; of 100 less than 95: 0.5 less for each, until nothing is left: 3 × 0.5 = 1.5."""
    given = clause("rate", "rate", entry="share", numerator="done", denominator="all",
                   opening="10", floor="0",
                   amount=[amount("threshold", percent=95),
                           amount("below", points="-0.5", times=times)])  # fmt: skip
    share = kind_of_entry("share", {"on": "date", "done": "decimal", "all": "decimal"})
    measure = small_measure(given, entries=[share])
    assert [sentence(one) for one in problems(measure.content)] == []
    year = [{"kind": "share", "on": "2021-05-01", "done": str(done), "all": "100"}]
    assert plain(scored(measure, year).unit("V1").total) == expected


def test_counts_only_entries_that_fulfil_the_condition():
    """2 of 4 letters × 10 = 5; the visits (0 of 4) are left out."""
    given = in_proportion(entry="answers", where=[{"when": {"sort": ["letter"]}}])
    measure = small_measure(given, entries=[ANSWERS])
    year = [answers(2, 4, sort="letter"), answers(0, 4, sort="visit")]
    assert points(scored(measure, year)) == [("rate", None, "5", ["E1"])]


def test_gives_no_more_than_full_points():
    """3 of 2 is counted as all: 10, and not 15."""
    measure = small_measure(in_proportion(), entries=[ANSWERS])
    found = scored(measure, [answers(3, 2)])
    assert points(found) == [("rate", None, "10", ["E1"])]
    (posting,) = found.unit("V1").postings()
    assert str(posting.working) == "3 of 2: more than all, counted as all: 10"
