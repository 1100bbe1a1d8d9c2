"""Cases in data files: each quotes a sentence and a result computed by hand.

A file holds `[[case]]` tables. Entries are the contract's, with what `templates.toml` says where a
field is left out, and numbered by kind (B-1, B-2 …). With `row`, a case stands for as many as there
are rows: "$name" takes the row's value, and a field whose value the row lacks is left out.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from projections.rulebook.loading import MEASURE

from projections.calendar import months_of
from projections.measure import built_in
from projections.postings import ZERO, Flag, Posting
from projections.presentation import unit_json
from tests.support import scores

if TYPE_CHECKING:
    from projections.scores import UnitScore, YearScores

CASES = Path(__file__).parent / "cases"
TEMPLATES = tomllib.loads((CASES / "templates.toml").read_text(encoding="utf-8"))
REGULATION = "".join((MEASURE.parent / "regulation.txt").read_text(encoding="utf-8").split())

TOTALS = ("total", "inspection", "rewards", "penalties")
KEYS = {
    "name",
    "sentence",
    "table",
    "entries",
    "expect",
    "row",
    "through",
    "year",
    "units",
    "in_order",
    "without",
    "unverified",
    "provisional",
    "order",
}


class Case(NamedTuple):
    """One ledger, one day, and the expected scores."""

    name: str
    data: dict[str, Any]


def _filled(value: Any, row: dict[str, Any]) -> Any:
    """Return a value with placeholders filled in; drop fields that the row lacks."""
    if isinstance(value, str) and value.startswith("$"):
        return row.get(value[1:])
    if isinstance(value, list):
        return [_filled(one, row) for one in value]
    if isinstance(value, dict):
        filled = {key: _filled(one, row) for key, one in value.items()}
        return {key: one for key, one in filled.items() if one is not None}
    return value


def _placeholders(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value[1:]} if value.startswith("$") else set()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return {name for part in parts for name in _placeholders(part)}


def _cases() -> list[Case]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        if path.stem == "templates":
            continue
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            assert case.keys() <= KEYS, f"{path.name}: {case['name']}: {case.keys() - KEYS}"
            rows = case.pop("row", [{}])
            given = {name for row in rows for name in row}
            assert _placeholders(case) == given, f"{path.name}: {case['name']}"
            for row in rows:
                values = ", ".join(str(value) for value in row.values())
                name = f"{path.stem}: {case['name']}" + (f" ({values})" if row else "")
                found.append(Case(name, _filled(case, row)))
    return found


EVERY = _cases()


def _entries(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the case's units, monthly reports if `in_order`, and its own entries."""
    units = data.get("units", ["V1"])
    entries = [{"kind": "unit", "id": unit, "name": unit, "type": "village"} for unit in units]
    for unit in units if data.get("in_order") else []:
        for month, due in months_of(data.get("year", 2016)):
            for kind, more in (("screening_report", {}), ("case_report", {"cases": 2})):
                if f"{kind} {month}" not in data.get("without", []):
                    own = {"id": f"{kind}/{unit}/{month}", "unit": unit, "month": month}
                    entries.append({"kind": kind, **own, "submitted_on": f"{due}", **more})
    numbers: dict[str, int] = {}
    for given in data.get("entries", []):
        template = dict(TEMPLATES[given["kind"]])
        prefix = template.pop("prefix")
        numbers[prefix] = numbers.get(prefix, 0) + 1
        entries.append({"id": f"{prefix}-{numbers[prefix]}", **template, **given})
    return entries


@cache
def _scored(index: int) -> YearScores:
    data = EVERY[index].data
    return scores(
        _entries(data),
        data.get("through", "2016-11-30"),
        year=data.get("year", 2016),
        unverified=data.get("unverified", ()),
        provisional=data.get("provisional", False),
    )


def _scored_value(score: UnitScore, key: str) -> Any:
    """Return the program's value of a key of `expect`, as the data file writes it."""
    shown = unit_json(score, 2016)
    if key in TOTALS:
        return Decimal(shown[key])
    by_quarter = {f"Q{quarter.quarter}": quarter for quarter in score.quarters}
    words = {
        "open": sorted(
            f"{point.kind} {point.entry} {point.clause}"
            for point in score.open
            if point.kind != "not_inspected"
        ),
        "not_inspected": sorted(
            f"{point.clause}" for point in score.open if point.kind == "not_inspected"
        ),
        "flags": [name for name in ("disqualified", "vetoed") if shown[name]],
        "quarters": {name: quarter.score for name, quarter in by_quarter.items()},
        "basic_work": {name: quarter.basic_work for name, quarter in by_quarter.items()},
        "abnormal_petitions": {
            name: quarter.abnormal_petitions for name, quarter in by_quarter.items()
        },
        "rank": shown["rank"],
        "eligible": shown["eligible"],
    }
    return words[key] if key in words else _of_clause(score, *key.split(" Q"))


def _of_clause(score: UnitScore, slug: str, quarter: str | None = None) -> Decimal:
    assert slug in built_in().clauses, f"no clause {slug}"
    postings = [posting for posting in score.postings() if posting.clause == slug]
    of_quarter = [p.points for p in postings if quarter is None or f"{p.quarter}" == quarter]
    return sum(of_quarter, ZERO)


def _expected(value: Any) -> Any:
    if isinstance(value, str):
        return Decimal(value)
    if isinstance(value, dict):
        return {key: Decimal(one) for key, one in value.items()}
    return sorted(value) if isinstance(value, list) else value


@pytest.mark.parametrize("index", range(len(EVERY)), ids=[case.name for case in EVERY])
def test_case_is_scored_as_computed_by_hand(index: int) -> None:
    """The scores of a case are those that its sentence gives."""
    scored, data = _scored(index), EVERY[index].data
    assert data["expect"] or data.get("order")
    for unit, expected in data["expect"].items():
        score = scored.unit(unit)
        assert score is not None
        assert expected
        for key, value in expected.items():
            assert (unit, key, _scored_value(score, key)) == (unit, key, _expected(value))
    if "order" in data:
        assert [score.unit for score in scored.units] == data["order"]


@pytest.mark.parametrize(
    "case", [case for case in EVERY if not case.data.get("table")], ids=lambda case: case.name
)
def test_sentence_of_a_case_is_in_the_regulation(case: Case) -> None:
    """The quoted sentence is in the regulation, apart from white space."""
    assert case.data["sentence"]
    assert "".join(case.data["sentence"].split()) in REGULATION


def test_names_of_cases_are_unique() -> None:
    """A failing case can be found by its name."""
    names = [case.name for case in EVERY]
    assert sorted(names) == sorted(set(names))


def test_every_amount_is_read_by_a_case() -> None:
    """Each amount of the measure is used by a posting or a flag of some case."""
    read = {
        (result.clause, amount.of, str(amount.when))
        for index in range(len(EVERY))
        for score in _scored(index).units
        for result in score.results
        if isinstance(result, Posting | Flag)
        for amount in result.read
    }
    stated = {
        (clause.slug, amount.of, str(amount.when))
        for clause in built_in().clauses.values()
        for amount in clause.amount
    }
    assert sorted(stated - read) == []


def test_every_value_of_every_reading_is_ruled_in_a_case() -> None:
    """Some case rules each value of a reading, and a number where it takes one."""
    ruled = {
        (name, value)
        for index in range(len(EVERY))
        for name, value in _scored(index).town.readings.items()
    }
    for reading in built_in().readings.values():
        named = {value.value for value in reading.value}
        tried = {value for name, value in ruled if name == reading.name}
        assert sorted(named - tried) == [], reading.name
        assert reading.number is None or tried - named, f"{reading.name}: no number is tried"
