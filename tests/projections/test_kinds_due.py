"""Kind `due`: which report it is, by its month, its day or a notice; expected points by hand."""

from __future__ import annotations

import pytest

from projections.measure.checking import problems, sentence
from tests.projections.folders import (
    amount,
    clause,
    kind_of_entry,
    points,
    scored,
    small_measure,
)

REPORT = kind_of_entry(
    "report",
    {
        "on": "date", "month": "month?", "due_on": "date?", "year": "year?", "text": "text?",
        "level": "integer?", "flag": "flag?", "notice": "reference:notice?",
    },
)  # fmt: skip
AMOUNTS = [
    amount("report", points="-1", when={"state": ["late"]}),
    amount("report", points="-2", when={"state": ["missing"]}),
]


def reports(**keys):
    given = {"entry": "report", "amount": AMOUNTS, **keys}
    return small_measure(clause("report", "due", **given), entries=[REPORT])


def report(on, **more):
    return {"kind": "report", "on": on, **more}


def refused(measure):
    return [(one.place, sentence(one)) for one in problems(measure.content)]


def by_words(measure, entries, through=None):
    found = scored(measure, entries, through=through).unit("V1")
    return [(str(one.working), str(one.points)) for one in found.postings()]


def test_a_monthly_report_due_on_the_25th_is_named_by_its_month():
    """January's came on the 25th; February's a day late, on 26 February; March's never."""
    measure = reports(days_of_month=[25], owed_for="month")
    assert refused(measure) == []
    year = [report("2021-01-25", month="2021-01"), report("2021-02-26", month="2021-02")]
    first, second, third, *_ = by_words(measure, year)
    assert first == ("2021-01: in on 2021-01-25, due 2021-01-25", "0")
    assert second == ("2021-02: late, in on 2021-02-26, due 2021-02-25", "-1")
    assert third == ("2021-03: missing, due 2021-03-25, not in by 2021-12-31", "-2")


def test_a_report_on_the_14th_and_28th_is_named_by_its_day():
    """On 28 January there is one for the 28th, and none for the 14th."""
    measure = reports(days_of_month=[14, 28], owed_for="due_on")
    assert refused(measure) == []
    found = points(scored(measure, [report("2021-01-10", due_on="2021-01-28")]), zeros=True)
    assert found[:2] == [("report", None, "-2", []), ("report", None, "0", ["E1"])]
    assert len(found) == 24


@pytest.mark.parametrize(("until", "points_of_year"), [("month_end", -2), ("arrived", -7)])
def test_a_report_missing_for_ever_leaves_later_ones_in_time(until, points_of_year):
    """July's never comes, the other eleven on the 5th: −2, as July's is missing from 31 July on.

    With `arrived` a report is late whenever it comes: August's is July's, and so on to November's,
    five late ones (−1 each), and none is left for December (−2).
    """
    measure = reports(days_of_month=[5], late_until=until)
    assert refused(measure) == []
    months = [month for month in range(1, 13) if month != 7]
    year = [report(f"2021-{month:02}-05") for month in months]
    assert scored(measure, year).unit("V1").total == points_of_year


def test_a_unit_assessed_from_july_owes_no_earlier_report_and_hands_none_in_for_one():
    """Six reports on the 5th of July to December, each in time: none is for a month before."""
    measure = reports(days_of_month=[5])
    year = [report(f"2021-{month:02}-05") for month in range(7, 13)]
    unit = {"id": "V1", "name": "甲村", "assessed_from": "2021-07-01"}
    found = points(scored(measure, year, units=[unit]), zeros=True)
    assert [(one[2], one[3]) for one in found] == [("0", [f"E{number}"]) for number in range(1, 7)]


def test_a_report_that_was_in_by_a_day_of_the_year_before_is_not_for_a_day_of_this_year():
    """One of 2019 and one of 5 December 2020, the last day before this year's: all 12 missing."""
    measure = reports(days_of_month=[5])
    early = [report("2019-03-01"), report("2020-12-05")]
    assert scored(measure, early).unit("V1").total == -24
    assert scored(measure, [*early, report("2020-12-20")]).unit("V1").total == -22, "for January"


def test_a_report_each_month_may_be_named_by_the_day_that_it_is_due():
    measure = reports(each="month", owed_for="due_on")
    assert refused(measure) == []
    found = by_words(measure, [report("2021-01-30", due_on="2021-01-31")])
    assert found[0] == ("2021-01-31: in on 2021-01-30, due 2021-01-31", "0")


def test_a_yearly_report_may_be_named_by_its_year():
    measure = reports(each="year", owed_for="year")
    assert refused(measure) == []
    assert points(scored(measure, [report("2021-12-01", year=2021)])) == []


def test_a_built_in_report_due_on_the_25th_is_named_by_its_month():
    """One for February alone, of 12: −2 × 11."""
    given = clause("report", "due", entry="screening_report", days_of_month=[25], amount=AMOUNTS)
    measure = small_measure(given)
    assert refused(measure) == []
    only = {"kind": "screening_report", "month": "2021-02", "submitted_on": "2021-02-25"}
    assert str(scored(measure, [only]).unit("V1").total) == "-22"


def test_a_report_for_each_notice_refers_to_it():
    measure = reports(notices=True, owed_for="notice")
    assert refused(measure) == []
    notice = {"kind": "notice", "id": "N-1", "title": "排查", "due_on": "2021-03-01"}
    other = {**notice, "id": "N-2"}
    year = [notice, other, report("2021-02-20", notice="N-1")]
    assert points(scored(measure, year)) == [("report", None, "-2", ["N-2"])]


def test_days_of_the_month_in_which_the_year_ends_are_owed():
    """A year from 20 February: its last report on the 14th is due on 14 February next year."""
    given = clause("report", "due", entry="report", days_of_month=[14], amount=AMOUNTS)
    calendar = {"citation": "一", "starts": "02-20", "named_after": "first"}
    measure = small_measure(given, entries=[REPORT], calendar=calendar)
    words = by_words(measure, [])
    assert (words[0][0][:10], words[-1][0][:10], len(words)) == ("2021-03-14", "2022-02-14", 12)


def test_a_day_on_which_a_report_is_owed_twice_over_is_owed_once():
    """The 30th and 31st of June are its last day."""
    measure = reports(days_of_month=[30, 31])
    june = [words for words, _ in by_words(measure, []) if words.startswith("2021-06")]
    assert len(june) == 1


@pytest.mark.parametrize(
    ("keys", "place", "words"),
    [
        ({"days_of_month": [14, 28], "owed_for": "month"}, "owed_for",
         "month is 2021-01 for the reports due on 2021-01-14 and on 2021-01-28"),
        ({"each": "half_month", "owed_for": "month"}, "owed_for",
         "month is 2021-01 for the reports due on 2021-01-15 and on 2021-01-31"),
        ({"each": "month", "owed_for": "year"}, "owed_for", "more than one report a year"),
        ({"each": "month", "owed_for": "flag"}, "owed_for", "must be a month, a date, a year"),
        ({"each": "month", "owed_for": "notice"}, "owed_for", "refers to an entry"),
        ({"notices": True, "owed_for": "month"}, "notices", "the field that refers to the notice"),
        ({"notices": True}, "notices", "the field that refers to the notice"),
        ({"each": "half_month", "entry": "screening_report"}, "owed_for", "month is 2021-01 for"),
        ({"each": "month", "entry": "screening_report", "owed_for": "submitted_on"}, "owed_for",
         "must be month: an entry of kind screening_report names its month"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_say_which_report_it_is_is_refused(keys, place, words):
    found = refused(reports(**keys))
    assert [one for at, one in found if at == f"report.{place}" and words in one], found
