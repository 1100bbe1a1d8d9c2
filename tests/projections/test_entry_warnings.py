"""Warnings of entries that a measure accepts and its clauses do not count."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.batch import Batch
from ledger.kinds import Kinds
from ledger.state import LedgerState
from ledger.validation import Terms
from projections.measure.case_entries import submissions
from projections.obligations import obligations
from projections.query import YearQuery
from tests.projections.folders import (
    WORDS,
    amount,
    clause,
    kind_of_entry,
    points,
    scored,
    small_measure,
    state_of,
)

HAVING = {
    "type": [{"value": "village", "title": WORDS}, {"value": "farm", "title": WORDS}],
    "group": [{"value": "hill", "title": WORDS}, {"value": "plain", "title": WORDS}],
}
REPORT = kind_of_entry("report", {"on": "date", "of_day": "date", "month": "month"})
AMOUNTS = [amount("report", points="-1", when={"state": ["late", "missing"]})]
TASK = kind_of_entry("task", {"due_on": "date"}, "due_on", prefix="TA")
FINISH = kind_of_entry("finish", {"on": "date", "task": "reference:task"}, prefix="FI")


def admission(measure, *entries):
    """Return the refusals of an import, else the warnings of it."""
    batch = Batch(submissions(entries, Kinds.of(measure)), 0)
    try:
        batch.admit(LedgerState(), Terms(measure, date(2021, 12, 31)))
        return [str(one) for one in batch.entry_warnings()]
    finally:
        batch.close()


def unit(unit_id="V1", **more):
    return {"kind": "unit", "id": unit_id, "name": f"{unit_id}村", "type": "village", **more}


def report(**more):
    return {
        "kind": "report", "id": "R-1", "unit": "V1", "on": "2021-03-14", "of_day": "2021-03-14",
        "month": "2021-03", **more,
    }  # fmt: skip


def owing(**keys):
    given = {"entry": "report", "amount": AMOUNTS, "days_of_month": [14, 28], **keys}
    return small_measure(clause("report", "due", **given), entries=[REPORT])


def test_warns_of_a_report_for_a_day_on_which_none_is_owed():
    measure = owing(owed_for="of_day")
    assert admission(measure, unit(), report()) == []
    (words,) = admission(measure, unit(), report(of_day="2021-03-15"))
    assert words.startswith(
        "R-1: no report is owed for of_day 2021-03-15, and it counts nowhere; owed are "
    )
    assert "2021-03-14" in words


def test_a_report_that_nobody_owes_is_no_obligation():
    """Of January 2021 the 14th and the 28th are owed: a report of the 15th leaves both missing."""
    measure = owing(owed_for="of_day")
    state = state_of(measure, [unit(), report(on="2021-01-15", of_day="2021-01-15")])
    query = YearQuery(2021, date(2021, 1, 31), provisional=False)
    found = obligations(state, measure, query)[1]
    assert [(one.what, one.state, str(one.points)) for one in found if one.state != "due"] == [
        ("2021-01-14", "missing", "-1"),
        ("2021-01-28", "missing", "-1"),
    ]


def test_lists_the_months_in_which_a_report_is_owed():
    measure = owing(days_of_month=[], dates=["06-30", "12-31"], owed_for="month")
    assert admission(measure, unit(), report()) == [
        "R-1: no report is owed for month 2021-03, and it counts nowhere; owed are 2021-06, 2021-12"
    ]
    assert admission(measure, unit(), report(month="2020-12", on="2021-01-05")) == []


def test_a_report_for_a_day_on_which_none_is_owed_is_listed_with_its_reason():
    """It costs nothing; the reports of 14 and 28 January are missing."""
    measure = owing(owed_for="of_day")
    year = [report(on="2021-01-15", of_day="2021-01-15"), report(id="R-2", of_day="2020-12-28")]
    found = scored(measure, year, through=date(2021, 4, 1)).unit("V1").postings()
    assert [(str(one.working), str(one.points)) for one in found if "R-1" in one.entries] == [
        ("2021-01-15: no report is owed for it", "0")
    ]
    assert [one for one in found if "R-2" in one.entries] == []
    assert sum(one.points for one in found) == -6


def test_a_report_that_another_clause_owes_is_not_listed():
    first, second = (
        clause(slug, "due", entry="report", owed_for="of_day", dates=[day], amount=AMOUNTS)
        for slug, day in (("one", "03-14"), ("two", "03-28"))
    )
    found = scored(small_measure(first, second, entries=[REPORT]), [report(on="2021-03-14")])
    assert points(found, zeros=True) == [("one", None, "0", ["R-1"]), ("two", None, "-1", [])]


def test_warns_of_a_unit_without_the_group_that_clauses_ask_for():
    of_group = [
        clause(group, "occurrence", entry="yellow_card", base="card",
               applies_to={"group": [group]}, amount=[amount("card", points="-1")])
        for group in ("hill", "plain")
    ]  # fmt: skip
    measure = small_measure(*of_group, units=HAVING)
    assert admission(measure, unit(group="hill"), unit("T1", type="outside")) == []
    (words,) = admission(measure, unit())
    assert words == (
        "V1: has no group, and clauses of the measure are for groups alone: hill, plain; groups "
        "are hill, plain"
    )


@pytest.mark.parametrize(
    ("required", "refused"),
    [(True, [("group", "is missing; groups of the measure are hill, plain")]), (False, [])],
)
def test_a_measure_may_require_a_group_of_each_unit_that_it_assesses(required, refused):
    measure = small_measure(units={**HAVING, "group_required": required})
    units = [unit(), unit("T1", type="outside")]
    village, outside = [one.entry for one in submissions(units, Kinds.of(measure))]
    assert [(field, str(words)) for field, words in measure.objections(village)] == refused
    assert list(measure.objections(outside)) == []


def of_tasks(award):
    given = {"entry": "task", "done_by": "finish", "over": "year", "award": award}
    done = clause("tasks", "all_done", amount=[amount("done", points="5")], **given)
    return small_measure(done, entries=[TASK, FINISH])


@pytest.mark.parametrize("award", ["each", "once"])
@pytest.mark.parametrize(("by", "expected"), [("V2", "5"), ("V1", "0")])
def test_only_the_unit_of_a_task_can_finish_it(award, by, expected):
    """The task is of V2: what V1 did does not finish it."""
    task = {"kind": "task", "id": "A2", "unit": "V2", "due_on": "2021-05-31"}
    finish = {"kind": "finish", "id": "D2", "unit": by, "on": "2021-05-01", "task": "A2"}
    found = scored(of_tasks(award), [task, finish], units=["V1", "V2"])
    assert str(found.unit("V2").total) == expected


def test_warns_of_an_answer_to_what_is_of_another_unit():
    task = {"kind": "task", "id": "A2", "unit": "V2", "due_on": "2021-05-31"}
    finish = {"kind": "finish", "id": "D2", "unit": "V1", "on": "2021-05-01", "task": "A2"}
    units = [unit(), unit("V2")]
    assert admission(of_tasks("once"), *units, task, {**finish, "unit": "V2"}) == []
    assert admission(of_tasks("once"), *units, task, finish) == [
        "D2: A2 (task) is of V2, not of V1; it is not answered by this"
    ]
