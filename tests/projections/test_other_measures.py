"""The two other measures that ship: their worked cases, by hand from the published tables."""

from __future__ import annotations

import tomllib

import pytest

from projections.judging import compiled
from projections.measure import load_measure, read_measure
from tests.projections.worked_cases import cases_of, failures

MEASURES = {
    name: load_measure(read_measure(name)) for name in ("shengzhou-2010-62",)
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
