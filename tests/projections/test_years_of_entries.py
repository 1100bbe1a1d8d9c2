"""The assessment year that an entry belongs to, asked of the entry alone and of the ledger."""

from __future__ import annotations

import pytest

from projections.adopted import Measures
from projections.effective import Effective
from projections.measure import built_in
from projections.occurrence import year_of_entry
from tests.ledger.examples import carried
from tests.projections.folders import state_of, validated

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
