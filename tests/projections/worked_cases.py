"""Run the worked cases of a measure's folder."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ledger.decimals import plain
from tests.projections.folders import scored

if TYPE_CHECKING:
    from projections.measure import Measure
    from projections.scores import UnitScore, YearScores


def cases_of(measure: Measure) -> dict[str, dict[str, Any]]:
    """Return the cases by file and name."""
    found = {}
    for file, text in measure.content.items():
        if file.startswith("cases/"):
            for case in tomllib.loads(text)["case"]:
                assert f"{file}: {case['name']}" not in found, case["name"]
                found[f"{file}: {case['name']}"] = case
    return found


def run(measure: Measure, case: dict[str, Any]) -> YearScores:
    """Return the scores of a case."""
    through = case.get("through")
    return scored(
        measure,
        case.get("entry", []),
        year=case.get("year"),
        through=date.fromisoformat(through) if isinstance(through, str) else through,
        rulings=case.get("rulings"),
        units=case["units"],
    )


def failures(measure: Measure, case: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    """Return (unit, key, expected, found) for what does not come out as expected."""
    scores, found = run(measure, case), []
    assert case["expect"]
    for unit, expected in case["expect"].items():
        score = scores.unit(unit)
        assert score is not None, unit
        for key, value in expected.items():
            actual = _value(score, key)
            wanted = sorted(map(_posting, value), key=str) if key == "postings" else value
            if key == "open":
                wanted = sorted(value)
            if actual != wanted:
                found.append((unit, key, wanted, actual))
    return found


def _posting(given: dict[str, Any]) -> tuple[str, str, int | None, tuple[str, ...]]:
    entries = tuple(sorted(given.get("entries", [])))
    return given["clause"], given["points"], given.get("period"), entries


def _value(score: UnitScore, key: str) -> Any:  # noqa: PLR0911 - one return a kind of key
    match key:
        case "total":
            return plain(score.total)
        case "rank" | "eligible" | "band":
            return getattr(score, key)
        case "flags":
            return list(score.flags)
        case "open":
            return sorted(point.kind for point in score.open)
        case "postings":
            found = [
                (one.clause, plain(one.points), one.period, tuple(sorted(one.entries)))
                for one in score.postings()
                if one.points
            ]
            return sorted(found, key=str)
    name, _, part = key.partition(".")
    if name == "clause":
        of = [one.points for one in score.postings() if one.clause == part]
        return plain(sum(of, Decimal(0)))
    if key in score.sections:
        return plain(score.sections[key])
    period = next(one for one in score.periods if one.name == name)
    return plain({**period.sections, **period.beside}[part] if part else period.score)
