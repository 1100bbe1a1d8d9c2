"""Rulings and findings must fit the readings and amounts of the measure."""

import pytest

from tests.ledger.examples import carried, finding, ruling, unit
from tests.ledger.imports import TERMS, admitted, validate
from tests.projections.folders import amount, clause, small_measure


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (ruling(reading="collective"), "reading"),
        (ruling(reading="Collective_From"), "reading"),
        (ruling(value=0), "value"),
        (ruling(value=-5), "value"),
        (ruling(value=True), "value"),
        (ruling(value=None), "value"),
        (ruling(value=10**30), "value"),
        (ruling(reading="overstay_factor", value="0.9"), "value"),
        (ruling(reading="key_person_stacks", value=1), "value"),
        (finding(points="1.01"), "points"),
        (finding(item="5.1", points="1.6"), "points"),
        (finding(item="2.5", points="1000"), "points"),
        (finding(item="2.6"), "item"),
        (finding(item="1"), "item"),
        (finding(item="7", points=None, missing=1), "item"),
        (finding(item="1.1", points=None, missing=1), "points"),
        (finding(item="1.2"), "missing"),
        (finding(item="1.2", points=None, missing=5), "missing"),
        (finding(item="3", points="3.01"), "points"),
        (carried(period="2016"), "period"),
        (carried(period="2016Q5"), "period"),
        (carried(period="2016H1"), "period"),
        (carried(sections={"penalties": "1", "penalty": "1"}), "sections"),
        (carried(sections={"basic_work": "8", "inspection": "1"}), "sections"),
        (unit("V009", name="丁乡", type="township"), "type"),
    ],
)
def test_refuses_what_the_measure_does_not_provide_for(entry, field):
    admission = validate([unit()], [entry])
    assert [refusal.field for refusal in admission.refusals] == [field]


@pytest.mark.parametrize(
    "entry",
    [
        ruling(value="5"),
        ruling(value=7),
        ruling(reading="overstay_factor", value="1.5"),
        ruling(reading="overstay_factor", value=None),
        ruling(reading="key_person_stacks", value=True),
        ruling(reading="thirty_people", value="top tier"),
        finding(points="0"),
        finding(points="1"),
        finding(item="5.1", points="1.5"),
        finding(item="1.2", points=None, missing=4),
        finding(item="6", points=None, missing=0),
        finding(item="3", points="2.5"),
        finding(item="4", points="3"),
        finding(item="6", points="0"),
        carried(sections={"basic_work": "-4", "abnormal_petitions": "12", "rewards": "3"}),
        unit("V009", name="外镇", type="outside"),
        unit("V009", name="丁村", group="first"),
    ],
)
def test_accepts_what_the_measure_provides_for(entry):
    assert admitted([unit()], [entry]) == [entry["id"]]


def test_a_measure_that_names_groups_of_units_refuses_others():
    groups = [{"value": name, "title": {"zh": name, "en": name}} for name in ("first", "second")]
    units = {"type": [{"value": "village", "title": {"zh": "村", "en": "village"}}]}
    costs = amount("card", points="-1")
    card = clause("card", "occurrence", entry="yellow_card", base="card", amount=[costs])
    measure = small_measure(card, units={**units, "group": groups})
    terms = TERMS._replace(measure=measure)
    found = validate([unit(group="first"), unit("V002", name="乙村", group="third")], terms=terms)
    assert [(refusal.id, refusal.field) for refusal in found.refusals] == [("V002", "group")]
