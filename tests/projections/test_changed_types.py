"""A measure that declares another type for a field of entries that were recorded before."""

from __future__ import annotations

from datetime import date

import pytest

from projections.scores import score_year
from tests.projections.folders import amount, clause, kind_of_entry, small_measure, state_of

LAST = date(2021, 12, 31)
KEYS = {
    "rate": {
        "numerator": "count",
        "denominator": "planned",
        "amount": [amount("full", points="10")],
    },
    "quota": {
        "each": "year",
        "count": "count",
        "amount": [amount("owed", count=10), amount("short", points="-1")],
    },
    "graded": {"item": "1", "amount": [amount("full", points="5")]},
    "checklist": {"missing": "count", "amount": [amount("missing", points="-1")]},
    "occurrence": {"base": "one", "amount": [amount("one", points="-1", times="count")]},
}
"""By kind of clause, parameters by which it reads a number; `graded` reads `points`."""


def measure_of_kind(form):
    fields = {"on": "date", "planned": "integer", "item": "text", "count": form, "points": form}
    return kind_of_entry("event", fields)


def measure(kind, form):
    given = clause("one", kind, entry="event", **KEYS[kind])
    return small_measure(given, entries=[measure_of_kind(form)])


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    ("form", "other", "value"),
    [
        ("decimal", "integer", "4"),
        ("decimal", "integer", "4.5"),
        ("integer", "decimal", 4),
        ("text", "integer", "四"),
        ("text", "decimal", "四"),
        ("flag", "integer", True),
    ],
)
def test_entries_are_scored_whatever_type_their_fields_had(kind, form, other, value):
    """A number that fits counts under both; what is no number is not recorded under the other."""
    recorded = {"kind": "event", "unit": "V1", "on": "2021-03-01", "planned": 10, "item": "1"}
    unit = {"kind": "unit", "id": "V1", "name": "甲村", "type": "village"}
    entries = [unit, {**recorded, "count": value, "points": value}]
    asked = measure(kind, other)
    before = small_measure(entries=[measure_of_kind(form)])
    (score,) = score_year(state_of(before, entries), asked, 2021, LAST).units
    if value in {4, "4"} and value is not True:
        same = {**recorded, **dict.fromkeys(("count", "points"), 4 if other == "integer" else "4")}
        (expected,) = score_year(state_of(asked, [unit, same]), asked, 2021, LAST).units
        assert (score.total, score.open) == (expected.total, expected.open)
    else:
        assert ("incomplete", "E2") in [(one.kind, one.entry) for one in score.open]
