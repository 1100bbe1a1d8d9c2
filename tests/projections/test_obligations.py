"""What `missing` lists: milestones, and nothing of a quarter that was published before."""

from __future__ import annotations

from datetime import date

import pytest

from projections.obligations import obligations
from projections.query import YearQuery
from tests.projections.folders import (
    HALVES,
    amount,
    clause,
    kind_of_entry,
    section,
    small_measure,
    state_of,
)

EVENT = kind_of_entry("event", {"on": "date"})
UNIT = {"kind": "unit", "id": "V1", "name": "甲村", "type": "village"}


def owed(measure, entries, through):
    made = [UNIT, *({"unit": "V1", **one} for one in entries)]
    query = YearQuery(2021, through, provisional=False)
    found = obligations(state_of(measure, made), measure, query)[1]
    return [(one.clause, one.what, one.state, one.entry, str(one.points)) for one in found]


@pytest.mark.parametrize(
    ("through", "entries", "expected"),
    [
        (date(2021, 6, 29), [], None),
        (date(2021, 6, 30), [], ("due", None, "0")),
        (date(2021, 6, 30), ["2021-06-29"], ("in", "E2", "0")),
        (date(2021, 7, 31), [], ("missing", None, "0")),
        (date(2021, 9, 1), [], ("missing", None, "-20")),
        (date(2021, 9, 1), ["2021-08-31"], ("late", "E2", "-10")),
    ],
)
def test_a_milestone_is_owed_by_its_day(through, entries, expected):
    """By 31 July, 10 less for each month later: to 31 August one, to 1 September two."""
    late = [amount("late", points="-10", times="months_late")]
    given = clause("net", "milestone", entry="event", by="07-31", amount=late)
    measure = small_measure(given, entries=[EVENT])
    found = owed(measure, [{"kind": "event", "on": day} for day in entries], through)
    assert found == ([] if expected is None else [("net", "2021-07-31", *expected)])


def test_nothing_is_owed_in_a_period_that_was_published_before_the_ledger_began():
    """Of the year's reports, one each half, the first half's was published; of the year both."""
    report = [amount("report", points="-1", when={"state": [one]}) for one in ("late", "missing")]
    keys = {"entry": "event", "each": "period", "amount": report}
    measure = small_measure(
        clause("half", "due", **keys), clause("whole", "due", section="year", **keys),
        entries=[EVENT], period=HALVES, section=[section(of="period"), section("year")],
    )  # fmt: skip
    carried = {
        "kind": "carried_quarter",
        "period": "2021H1",
        "sections": {"points": "0"},
        "basis": "通报",
    }
    found = owed(measure, [carried], date(2021, 12, 31))
    assert [one[:2] for one in found] == [
        ("whole", "2021H1"), ("half", "2021H2"), ("whole", "2021H2"),
    ]  # fmt: skip
