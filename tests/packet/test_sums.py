"""`verify.py` adds up the worked cases of measures: bounds, weights, scaled totals, places."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.packet import verify
from projections.explanation import explain_year
from projections.measure import BUILT_IN, load_measure, read_measure, shipped
from projections.measure.cases import cases_of, scores_of
from tests.packet.adding import add_up, explained, measure_of
from tests.projections.folders import (
    HALVES,
    amount,
    clause,
    kind_of_entry,
    period,
    scored,
    section,
    small_measure,
)

TESTS = Path(__file__).parents[1]
FOLDERS = [
    pytest.param(BUILT_IN, marks=pytest.mark.slow),
    *(name for name in shipped() if name != BUILT_IN),
    TESTS / "cli" / "measures" / "forest-2023",
    TESTS / "projections" / "measures" / "straw-2021-villages",
]
FAULT = kind_of_entry("fault", {"on": "date", "number": "integer"})


def check_all(scores):
    """Add every unit up, and compare each section with the score."""
    sections = scores.town.measure.sections
    for unit in scores.units:
        sums = add_up(scores, unit)
        year = sums[str(scores.town.year)]
        assert {name: sections[name].told(one) for name, one in year.items()} == unit.sections
        for one in unit.periods:
            found = sums[one.name]
            told = {name: sections[name].told(found[name]) for name in one.beside}
            assert {name: found[name] for name in one.sections} == one.sections
            assert told == one.beside


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: Path(one).name)
def test_every_worked_case_adds_up(folder):
    measure = load_measure(read_measure(folder))
    for placed in cases_of(measure.content):
        check_all(scores_of(placed.case, measure))


def faulty(of, *, periods=(), bounded=None, **given):
    """Return scores of 4 faults in spring and 3 in autumn, each of −2, in one section."""
    each = amount("fault", points="-2", times="number")
    one = clause(
        "fault", "occurrence", entry="fault", base="fault", amount=[each], **(bounded or {})
    )
    head = {"section": [section(of=of, **given)], **({"period": periods} if periods else {})}
    measure = small_measure(one, entries=[FAULT], **head)
    days = [("2021-02-01", 4), ("2021-08-01", 3)]
    return scored(measure, [{"kind": "fault", "on": on, "number": n} for on, n in days])


@pytest.mark.parametrize(
    ("of", "given", "periods", "total"),
    [
        ("year", {"opening": 10}, [], "-4"),
        ("year", {"opening": 10, "floor": 0}, [], "0"),
        ("year", {"opening": 20, "cap": 5}, [], "5"),
        ("year", {"opening": 20, "weight": "0.5"}, [], "3"),
        ("period", {"opening": 10, "floor": 3, "weight": "0.5"}, HALVES, "3.5"),
        ("beside", {"opening": 10, "floor": 0}, HALVES, "0"),
        ("beside", {"opening": 20, "weight": "0.5"}, HALVES, "3.0"),
        ("beside", {}, [period("S", "02-01", ends="05-31")], "-14"),
    ],
)
def test_sections_are_bounded_and_weighted(of, given, periods, total):
    """By hand: 10 − 14; not below 0; 20 − 14 = 6, at most 5; 6 × 0.5.

    Of halves 10 − 8 = 2, not below 3, and 10 − 6 = 4: (3 + 4) × 0.5.
    """
    scores = faulty(of, periods=periods, **given)
    check_all(scores)
    assert str(scores.units[0].total.normalize() + 0) == str(verify.number(total).normalize())


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"closing": "1"}, "the points add up to 0"),
        ({"opening": "11", "closing": "1"}, "it opens at 10"),
        ({"postings": 0}, "A is 4, not 8"),
        ({"postings": 1}, "A is 2, not 6"),
    ],
)
def test_what_does_not_add_up_is_found(change, what):
    """10 − 8 − 6 = −4, not below 0: 4 are cut. Without −8 it is 4, without −6 it is 2."""
    scores = faulty("year", opening=10, floor=0)
    found = explained(explain_year(scores.units[0], scores), scores)
    measure = measure_of(scores)
    verify.check_sums(measure, found, {})
    if "postings" in change:
        gone = found["postings"].pop(change["postings"])
        found["closing"] = str(verify.number(found["closing"]) - verify.number(gone["points"]))
    else:
        found.update(change)
    with pytest.raises(verify.ProofError, match=what):
        verify.check_sums(measure, found, {})


def test_a_clause_that_is_said_not_to_be_for_the_unit_has_no_points():
    """−8 and −6 are below the floor of the clause, −10. The words would lift it."""
    scores = faulty("year", bounded={"floor": "-10"})
    found = explained(explain_year(scores.units[0], scores), scores)
    assert found["closing"] == "-10"
    lines = [one for one in found["postings"] if one["read"]]
    found["postings"], found["closing"] = lines, "-14"
    with pytest.raises(verify.ProofError, match="fault is out of bounds: -14"):
        verify.check_sums(measure_of(scores), found, {})
    for one in lines:
        one["working"] = verify.NOT_FOR
    with pytest.raises(verify.ProofError, match="fault is not for this unit"):
        verify.check_sums(measure_of(scores), found, {})


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("text", "乙", "fault is cited wrongly"),
        ("citation", "二", "fault is cited wrongly"),
        ("quote", "另", "the measure has no amount -2 points"),
        ("points", "-3", "the measure has no amount"),
    ],
)
def test_words_and_amounts_that_are_not_the_measures_are_found(field, value, what):
    scores = faulty("year")
    found = explained(explain_year(scores.units[0], scores), scores)
    line = found["postings"][0]
    (line if field in {"text", "citation"} else line["read"][0])[field] = value
    with pytest.raises(verify.ProofError, match=what):
        verify.check_sums(measure_of(scores), found, {})
