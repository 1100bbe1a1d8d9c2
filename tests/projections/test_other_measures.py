"""The two other measures that ship: their worked cases, by hand from the published tables."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest

from projections.judging import compiled
from projections.measure import load_measure, read_measure
from tests.projections.folders import validated
from tests.projections.worked_cases import cases_of, failures

MEASURES = {
    name: load_measure(read_measure(name)) for name in ("shengzhou-2010-62", "shicheng-2018-rivers")
}
CASES = [
    pytest.param(measure, case, id=f"{name} {place}")
    for name, measure in MEASURES.items()
    for place, case in cases_of(measure).items()
]


@pytest.mark.parametrize(("measure", "case"), CASES)
def test_worked_case(measure, case):
    assert failures(measure, case) == []


@pytest.mark.parametrize("name", MEASURES)
def test_each_value_of_each_reading_has_a_worked_case_and_compiles(name):
    measure = MEASURES[name]
    ruled = {
        (reading, str(value))
        for case in cases_of(measure).values()
        for reading, value in case.get("rulings", {}).items()
    }
    for reading in measure.readings.values():
        values = {one.value for one in reading.value}
        assert values - {reading.default} == {v for n, v in ruled if n == reading.name}
        for value in values:
            compiled(measure, tuple(measure.in_force({reading.name: value}).items()))


@pytest.mark.parametrize("name", MEASURES)
def test_each_clause_has_a_worked_case_in_which_it_gives_or_takes_points(name):
    measure = MEASURES[name]
    named = {
        posting["clause"]
        for case in cases_of(measure).values()
        for expected in case["expect"].values()
        for posting in expected.get("postings", [])
    } | {
        key.removeprefix("clause.")
        for case in cases_of(measure).values()
        for expected in case["expect"].values()
        for key, value in expected.items()
        if key.startswith("clause.") and value != "0"
    }
    assert set(measure.clauses) - named == set()


@pytest.mark.parametrize("name", MEASURES)
def test_a_text_that_is_not_ours_is_paraphrased_and_its_source_named(name):
    content = read_measure(name)
    assert "text.txt" not in content
    assert MEASURES[name].source.source
    for file, text in content.items():
        for clause in tomllib.loads(text).get("clause", []) if "clauses/" in file else []:
            for one in clause.get("amount", []):
                assert one.get("paraphrase"), (clause["slug"], one)
                assert "quote" not in one


FULL = {
    "1": "5", "2": "4", "4": "2", "5.1": "2", "5.2": "6", "5.3": "3", "6.1": "2", "6.2": "2",
    "6.3": "3", "7": "2", "8": "3", "9.1": "5", "9.2": "2", "10.1": "1", "10.2": "1",
    "11.1": "2", "11.2": "1", "13.1": "3", "13.2": "2", "14": "2", "15.1": "1.5", "15.2": "1.5",
    "16.1": "2", "16.2": "1", "16.3": "2", "16.4": "1", "17.1": "1", "17.2": "3", "18.1": "1.5",
    "18.2": "1.5", "19.1": "1", "19.2": "3", "20.1": "1", "22.1": "1", "22.2": "1", "22.3": "1",
    "23": "3",
}  # fmt: skip
"""Points of the rivers' graded items and parts, as the table prints them; of part 18 half of 3."""


@pytest.mark.parametrize(("item", "full"), FULL.items())
def test_an_office_may_give_an_item_of_the_rivers_its_points_and_no_more(item, full):
    measure = MEASURES["shicheng-2018-rivers"]
    score = {"kind": "score", "id": "S-1", "unit": "T1", "year": 2018, "item": item}
    office = {"office": "river_office"}
    validated(measure, {**score, **office, "points": full})
    with pytest.raises(AssertionError, match=f"at item {item} must be 0 to {full}"):
        validated(measure, {**score, **office, "points": f"{Decimal(full) + Decimal('0.1')}"})


def test_every_graded_item_of_the_rivers_is_one_of_the_table_s():
    clauses = MEASURES["shicheng-2018-rivers"].clauses.values()
    assert {one.parameters.item for one in clauses if one.kind == "graded"} == set(FULL)
