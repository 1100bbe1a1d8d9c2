"""The assessment year that an entry belongs to, asked of the entry alone and of the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.adoptions import Adoption
from ledger.doubts import Plausibility
from ledger.events import MeasureAdopted
from ledger.state import EventRef
from projections.adopted import Measures
from projections.effective import Effective
from projections.measure import built_in
from projections.occurrence import year_of_entry
from projections.scores import score_year
from tests.ledger.examples import carried
from tests.projections.folders import (
    amount,
    clause,
    kind_of_entry,
    small_measure,
    state_of,
    validated,
)

UNIT = {"kind": "unit", "id": "V001", "name": "甲村", "type": "village"}
REPORT = {"kind": "screening_report", "id": "SR-1", "unit": "V001", "submitted_on": "2016-12-03"}
CASES = {**REPORT, "kind": "case_report", "cases": 2}
FINDING = {"kind": "inspection_finding", "id": "F-1", "unit": "V001", "year": 2016, "item": "2.1"}
COMMENDATION = {"kind": "commendation", "unit": "V001", "level": "city"}


@pytest.mark.parametrize(
    ("entry", "year"),
    [
        ({**REPORT, "month": "2016-11"}, 2016),
        ({**REPORT, "month": "2016-12"}, None),
        ({**CASES, "month": "2015-12"}, 2016),
        ({**FINDING, "points": "1"}, 2016),
        (carried(), 2016),
        ({**COMMENDATION, "id": "C-2", "issued_on": "2016-11-30"}, 2016),
        ({**COMMENDATION, "id": "C-3", "issued_on": "2016-12-01"}, None),
    ],
)
def test_a_report_belongs_to_the_year_of_its_month_and_not_of_the_day_it_came_in(entry, year):
    """The year 2016 ends on 30 November; 2017 has no measure."""
    measure, measures = built_in(), Measures({})
    given = validated(measure, entry)
    state = state_of(measure, [UNIT, entry])
    assert measures.year_of_entry(given) == year
    effective = Effective(state, provisional=False)
    assert year_of_entry(given, state, effective, measures) == year
    assert measure.year_of_entry(given) == (year or 2017)


OWN = kind_of_entry(
    "report", {"on": "date", "month": "month?", "due_on": "date?", "notice": "reference:notice?"}
)
LATE = {"kind": "report", "id": "R-1", "unit": "V001", "on": "2021-12-02"}
AMOUNTS = [amount("report", points="-1", when={"state": ["late", "missing"]})]


def owing(**keys):
    """Return a measure of December 2020 to November 2021 whose own report is owed."""
    report = clause("report", "due", entry="report", amount=AMOUNTS, **keys)
    calendar = {"starts": "12-01", "named_after": "last", "citation": "一"}
    return small_measure(report, entries=[OWN], calendar=calendar)


def adopted(measure):
    """Return the measures of a ledger that was made with one for 2021."""
    content, sha256 = measure.content, measure.sha256
    fields = {"year": 2021, "measure": measure.id, "sha256": sha256, "content": content}
    at = "2021-01-01T00:00:00.000000Z"
    event = MeasureAdopted(at=at, by="clerk", basis="甲", founding=True, **fields)
    return Measures({2021: [Adoption(EventRef(1, at, "clerk"), event, 1)]})


@pytest.mark.parametrize(
    ("keys", "names", "year"),
    [
        ({"each": "month", "owed_for": "month"}, {"month": "2021-11"}, 2021),
        ({"each": "month", "owed_for": "month"}, {"month": "2021-12"}, None),
        ({"each": "month", "owed_for": "month"}, {}, None),
        ({"days_of_month": [25], "owed_for": "due_on"}, {"due_on": "2021-11-25"}, 2021),
        ({"notices": True, "owed_for": "notice"}, {"notice": "N-1"}, 2021),
        ({"each": "month"}, {"month": "2021-11"}, None),
    ],
)
def test_a_report_of_an_own_kind_belongs_to_the_year_of_what_it_is_for(keys, names, year):
    """The year 2021 ends on 30 November, the report came on 2 December; 2022 has no measure."""
    measure = owing(**keys)
    notice = {"kind": "notice", "id": "N-1", "title": "甲", "due_on": "2021-11-20"}
    given = {**LATE, **names}
    state = state_of(measure, [UNIT, notice, given])
    measures = adopted(measure)
    effective = Effective(state, provisional=False)
    entry = validated(measure, given)
    assert year_of_entry(entry, state, effective, measures) == year
    doubts = Plausibility(measures, date(2021, 12, 3)).problems(entry)
    assert [one.field for one in doubts] == ([] if year else ["on"])


def test_a_report_of_an_own_kind_that_came_after_the_year_waits_in_the_year_it_is_for():
    """Unverified on 2 December 2021, it is an open point of November's year."""
    measure = owing(each="month", owed_for="month")
    given = {**LATE, "month": "2021-11"}
    state = state_of(measure, [UNIT, given], unverified=["R-1"])
    (unit,) = score_year(state, measure, 2021, date(2021, 12, 3)).units
    assert [(one.kind, one.entry) for one in unit.open] == [("unverified", "R-1")]
