"""Rulings and findings must fit the readings and amounts of the measure."""

import pytest

from tests.ledger.examples import finding, ruling, unit
from tests.ledger.imports import admitted, validate


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (ruling(reading="collective"), "reading"),
        (ruling(reading="Collective_From"), "reading"),
        (ruling(value=7), "value"),
        (ruling(value=-5), "value"),
        (ruling(value=True), "value"),
        (ruling(value=None), "value"),
        (ruling(value=10**30), "value"),
        (ruling(reading="overstay_factor", value="0.9"), "value"),
        (ruling(reading="key_person_stacks", value=1), "value"),
        (finding(points="1.01"), "points"),
        (finding(item="5.1", points="1.6"), "points"),
        (finding(item="2.5", points="1000"), "points"),
    ],
)
def test_refuses_what_the_measure_does_not_provide_for(entry, field):
    admission = validate([unit()], [entry])
    assert [refusal.field for refusal in admission.refusals] == [field]


@pytest.mark.parametrize(
    "entry",
    [
        ruling(value="5"),
        ruling(reading="overstay_factor", value="1.5"),
        ruling(reading="overstay_factor", value=None),
        ruling(reading="key_person_stacks", value=True),
        ruling(reading="thirty_people", value="top tier"),
        finding(points="0"),
        finding(points="1"),
        finding(item="5.1", points="1.5"),
        finding(item="1.2", points=None, missing=4),
        finding(item="6", points=None, missing=0),
    ],
)
def test_accepts_what_the_measure_provides_for(entry):
    assert admitted([unit()], [entry]) == [entry["id"]]
