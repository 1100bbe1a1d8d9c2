"""`tally margins` of the sample year: facts worked out from the regulation, and its forms."""

from __future__ import annotations

import csv
import io

import pytest


@pytest.fixture(scope="module")
def found(demo):
    """Return the margins of V029 by entry and field, downwards and upwards."""
    (unit,) = demo.reading("margins", "--unit", "V029", "--json").ok().json["units"]
    assert unit["unit"] == "V029"
    return {(one["entry"], one["field"], one["would_be"]): one for one in unit["margins"]}


def test_one_more_than_30_people_costs_a_tier(found):
    """三（一）2: B-2016-0013, 30 to the town, the leader late: 4 × 1.5 instead of 3 × 1.5."""
    one = found["B-2016-0013", "headcount", 31]
    assert (one["value"], one["distance"], one["points"]) == (30, 1, "-1.5")
    assert (one["clause"], one["measured_in"]) == ("abnormal-petitions", "things")
    assert ("B-2016-0013", "headcount", 28) not in found


def test_one_less_than_six_people_moves_a_rank(found):
    """三（一）2: B-2016-0008, 6 to the province cost 10, 5 cost 3: V029 passes one village."""
    one = found["B-2016-0008", "headcount", 5]
    assert (one["points"], one["rank"]) == ("+7", {"from": 43, "to": 42})


def test_a_report_an_hour_late_is_no_report_before(found):
    """三（一）1（3）: a report of 13:00 on a batch to the province of 14:00; unreported costs 3."""
    one = found["UR-2016-0010", "submitted_at", "2016-01-18T14:00:00+08:00"]
    assert (one["distance"], one["measured_in"], one["points"]) == (60, "time", "-3")


def test_a_case_a_day_late_earns_nothing(found):
    """三（三）1（4）: a case of the province resolved on its last day earns 3."""
    one = found["C-2016-030-J", "resolved_on", "2016-10-02"]
    assert (one["value"], one["distance"], one["measured_in"]) == ("2016-10-01", 1, "days")
    assert one["clause"] == "supervised-cases"


def test_one_case_less_than_two_costs_one_and_a_half(found):
    """三（一）1（2）: at least two cases a month, 1.5 for each that is missing."""
    one = found["V029-CR-2016-01", "cases", 1]
    assert (one["points"], one["clause"]) == ("-1.5", "case-reports")
    assert ("V029-CR-2016-01", "cases", 3) not in found


def test_those_that_move_ranks_come_first(demo):
    (unit,) = demo.reading("margins", "--unit", "V029", "--json").ok().json["units"]
    moved = [one["rank"]["from"] != one["rank"]["to"] for one in unit["margins"]]
    assert moved == sorted(moved, reverse=True)
    assert True in moved


def test_within_says_how_near(demo, found):
    words = "margins", "--unit", "V029", "--within", "1", "--json"
    (unit,) = demo.reading(*words).ok().json["units"]
    near = {(one["entry"], one["field"], one["would_be"]) for one in unit["margins"]}
    assert near == {
        key
        for key, one in found.items()
        if one["measured_in"] == "points" or one["distance"] in (0, 1)
    }


def test_csv_has_a_row_for_each_margin(demo, found):
    out = demo.reading("margins", "--unit", "V029", "--format", "csv").ok().out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["entry"], row["field"], row["would_be"]) for row in rows] == [
        (one or "", field, str(value)) for one, field, value in found
    ]


def test_an_unknown_unit_and_a_wrong_number_are_refused(demo):
    assert "is not in this ledger" in demo("margins", "--unit", "V999").refused().err
    demo("margins", "--within", "0").misused()


@pytest.mark.usefixtures("zh")
def test_chinese_says_the_same(demo):
    out = demo("margins", "--unit", "V029").ok().out
    assert "临界记录" in out
    assert "人数" in out
    assert "headcount" not in out
