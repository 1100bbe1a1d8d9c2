"""The two other measures that ship: what their worked cases cover; `test_cases.py` runs them."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest

from projections.measure import load_measure, read_measure
from projections.measure.cases import cases_of
from projections.measure.checking import problems, sentence
from projections.measure.remarks import remarks
from tests.projections.folders import validated

MEASURES = {
    name: load_measure(read_measure(name)) for name in ("shengzhou-2010-62", "shicheng-2018-rivers")
}
CASES = {name: [one.case for one in cases_of(one.content)] for name, one in MEASURES.items()}


@pytest.mark.parametrize("name", MEASURES)
def test_each_alternative_of_each_reading_has_a_worked_case(name):
    ruled = {(key, str(value)) for case in CASES[name] for key, value in case.rulings.items()}
    alternatives = {
        (reading.name, one.value)
        for reading in MEASURES[name].readings.values()
        for one in reading.value
        if one.value != reading.default
    }
    assert ruled == alternatives


@pytest.mark.parametrize("name", MEASURES)
def test_each_clause_has_a_worked_case_in_which_it_gives_or_takes_points(name):
    expected = [one for case in CASES[name] for one in case.expect.values()]
    posted = {posting["clause"] for one in expected for posting in one.get("postings", [])}
    summed = {
        key.removeprefix("clause.")
        for one in expected
        for key, value in one.items()
        if key.startswith("clause.") and value != "0"
    }
    assert set(MEASURES[name].clauses) - posted - summed == set()


@pytest.mark.parametrize("name", MEASURES)
def test_a_text_that_is_not_ours_is_paraphrased_and_its_source_named(name):
    content = MEASURES[name].content
    assert "text.txt" not in content
    assert MEASURES[name].source.source
    for file, text in content.items():
        for clause in tomllib.loads(text).get("clause", []) if "clauses/" in file else []:
            for one in clause.get("amount", []):
                assert one.get("paraphrase"), (clause["slug"], one)
                assert "quote" not in one


@pytest.mark.parametrize("name", MEASURES)
def test_no_other_measure_has_a_problem(name):
    assert [str(sentence(one)) for one in problems(MEASURES[name].content)] == []


def test_the_sums_of_the_rivers_that_do_not_meet_are_said():
    """Item 18 has 3 points and parts of 1 + 1: section 四 has 45 points, its parts 44."""
    (said,) = remarks(MEASURES["shicheng-2018-rivers"].content)
    words = "45 is stated, and the parts give 44: 4 + 3 + 2"
    assert (said.file, said.place) == ("measure.toml", "section[3].points")
    assert str(said.what).startswith(words)


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
