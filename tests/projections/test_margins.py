"""Margins: each change moves what is told, and no nearer one; by brute force over the oracle."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from projections.margin_search import MarginSearch, margins
from projections.margins import signed
from projections.measure import built_in
from projections.near_values import Reach
from projections.scores import Scored, score_year
from tests.oracle import bare, scorer, unverified_ids
from tests.oracle.generate import ledger
from tests.support import state

DAY = date(2016, 11, 30)
OFFICE = timezone(timedelta(hours=8))
REACH = Reach(things=2, minutes=3, time=3, days=1)
STEPS = {
    "headcount": 2, "cases": 2, "missing": 2, "stay_minutes": 3, "points": 5, "submitted_on": 1,
    "issued_on": 1, "held_on": 1, "due_on": 1, "resolved_on": 1, "starts_on": 1, "ends_on": 1,
    "assessed_from": 1, "assessed_until": 1, "submitted_at": 3, "occurred_at": 3,
}  # fmt: skip
"""By field, how many steps are near: people, minutes, hundredths of a point, days."""


def of_oracle(entries, *, provisional):
    """Return the oracle's units by id."""
    scored = scorer.score(entries, 2016, DAY.isoformat(), provisional=provisional)["units"]
    return {one["unit"]: one for one in scored}


def value_after(name, value, by):
    """Return the contract's text of a value some steps further, by the words of the contract."""
    if name == "points":
        return f"{(Decimal(value) + by * Decimal('0.01')).normalize():f}"
    if isinstance(value, int):
        return value + by
    if name in ("submitted_at", "occurred_at"):
        moment = datetime.fromisoformat(value) + timedelta(minutes=by)
        local = moment if moment.tzinfo is None else moment.astimezone(OFFICE)
        return local.replace(tzinfo=OFFICE).isoformat()
    return (date.fromisoformat(value) + timedelta(days=by)).isoformat()


def refused(entry):
    """Return whether the contract refuses an entry of the generator with another number."""
    name = {"headcount": 1}
    numbers = {field: entry[field] for field in ("headcount", "cases", "missing", "stay_minutes")
               if entry.get(field) is not None}  # fmt: skip
    if any(value < name.get(field, 0) for field, value in numbers.items()):
        return True
    if entry["kind"] == "inspection_finding":
        worth = {"3": 3, "4": 3, "6": 3, "5.1": 1.5, "5.2": 1.5}.get(entry["item"], 1)
        if "points" in entry:
            return not 0 <= float(entry["points"]) <= worth
        return entry["item"] == "1.2" and entry["missing"] > 4
    if entry["kind"] == "special_period":
        return entry["ends_on"] < entry["starts_on"]
    if entry["kind"] == "unit":
        return entry.get("assessed_from", "") > entry.get("assessed_until", "9")
    return False


def moved(before, after):
    """Return whether a unit's total, flags or a period's points differ."""
    return any(before[name] != after[name] for name in ("total", "flags")) or [
        (one["score"], one["beside"]) for one in before["periods"]
    ] != [(one["score"], one["beside"]) for one in after["periods"]]


def is_edge(name, before, after, distance):
    """Return whether a change is an edge: of points, one that moves more than itself."""
    if not moved(before, after):
        return False
    if name != "points" or any(before[one] != after[one] for one in ("rank", "flags")):
        return True
    return abs(Decimal(after["total"]) - Decimal(before["total"])) > distance


def by_brute_force(entries, *, provisional):
    """Return every margin of entries as (unit, entry, field, would be, points, rank, flags)."""
    before = of_oracle(entries, provisional=provisional)
    found = set()
    for at, entry in enumerate(entries):
        for name in STEPS.keys() & entry.keys():
            for sign in (-1, 1):
                left = set(before)
                for step in range(1, STEPS[name] + 1):
                    would_be = value_after(name, entry[name], sign * step)
                    changed = {**entry, name: would_be}
                    if refused(changed):
                        continue
                    after = of_oracle(
                        [*entries[:at], changed, *entries[at + 1 :]], provisional=provisional
                    )
                    distance = step * Decimal("0.01")
                    hit = {
                        unit for unit in left & after.keys()
                        if is_edge(name, before[unit], after[unit], distance)
                    }  # fmt: skip
                    left -= hit
                    for unit in hit:
                        one, other = before[unit], after[unit]
                        points = signed(Decimal(other["total"]) - Decimal(one["total"]))
                        flags = tuple(other["flags"])
                        found.add((unit, entry["id"], name, would_be, points, other["rank"], flags))
    return found


def of_tally(known, *, provisional):
    """Return the margins of entries in the same shape."""
    found = set()
    scores = score_year(known, built_in(), 2016, DAY, provisional=provisional)
    search = MarginSearch(Scored(known, scores), provisional=provisional, reach=REACH)
    for unit in margins(search).units:
        for one in (margin.as_json() for margin in unit.margins):
            if one["entry"] is not None:
                rank, flags = one["rank"]["to"], tuple(one["flags"]["to"])
                named = unit.unit, one["entry"], one["field"], one["would_be"]
                found.add((*named, one["points"], rank, flags))
    return found


def against_the_oracle(seed, n_entries):
    provisional = seed % 3 == 0
    entries = ledger(seed, n_entries=n_entries, rulings=20 if seed % 2 else 3)
    known = state(bare(entries), unverified=unverified_ids(entries))
    expected = by_brute_force(entries, provisional=provisional)
    found = of_tally(known, provisional=provisional)
    assert found == expected, seed
    return found


def test_margins_are_those_that_brute_force_over_the_oracle_finds():
    """Each change moves what is told, and no nearer one in its direction moves anything."""
    assert against_the_oracle(0, 50)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3000, 3020))
def test_margins_of_longer_ledgers_are_those_of_brute_force(seed):
    against_the_oracle(seed, 90 + seed % 3 * 20)
