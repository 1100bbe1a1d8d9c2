"""Let `verify.py` add up scores that were computed without a ledger."""

from __future__ import annotations

import json
from functools import lru_cache

from cli.output.explanations import explanation_json
from cli.packet import verify
from projections.explanation import explain_period, explain_year


def explained(explanation, scores):
    """Return an explanation as a packet has it."""
    shown = {"position": scores.position, "provisional": False, "measure": {}}
    found = explanation_json(explanation, through=scores.town.through.isoformat(), **shown)
    return {**json.loads(json.dumps(found, ensure_ascii=False)), "year": scores.town.year}


def measure_of(scores):
    """Return the measure of scores as `verify.py` reads it, under the readings in force."""
    measure = _measure(scores.town.measure)
    for name, value in scores.town.readings.items():
        measure.rule(name, value)
    assert measure.chosen == scores.town.readings
    return measure


@lru_cache(8)
def _measure(measure):
    return verify.Measure(measure.content)


def add_up(scores, unit):
    """Add a unit's year and its periods up; return the sections' points by year and period.

    Raises:
        verify.ProofError: something does not add up.
    """
    measure = measure_of(scores)
    year = explained(explain_year(unit, scores), scores)
    periods = {
        one.name: explained(explain_period(unit, scores, one.number), scores)
        for one in unit.periods
    }
    sums = {name: verify.check_sums(measure, one, {}) for name, one in periods.items()}
    return {year["period"]: verify.check_sums(measure, year, periods), **sums}
