"""Agreement with the oracle, a second scorer written from the documents."""

from __future__ import annotations

import random
from datetime import date

import pytest

from projections.measure import built_in
from projections.scores import score_year
from tests.oracle import bare, scorer, unverified_ids
from tests.oracle.generate import ledger
from tests.support import shown, state

YEARS = (2015, 2016, 2017)


def days_of(year, seed):
    """Return the year's last day, a month later, its fifth day, and a random day."""
    chance = random.Random(f"{seed} {year}")
    somewhere = date(year, chance.randint(1, 11), chance.randint(1, 28))
    return [date(year, 11, 30), date(year, 12, 31), date(year - 1, 12, 5), somewhere]


def by_unit(scores):
    """Return each unit's scores, with open points as a set."""
    return {
        unit["unit"]: {**unit, "open": {tuple(point.values()) for point in unit["open"]}}
        for unit in scores["units"]
    }


def differences(ours, theirs):
    """Return what differs as (unit, field, ours, theirs); open points of one side only."""
    found = [("", field, ours[field], theirs[field]) for field in ("year", "through")]
    one, other = by_unit(ours), by_unit(theirs)
    found.append(("", "order of the units", list(one), list(other)))
    for unit in one.keys() & other.keys():
        for field in one[unit].keys() | other[unit].keys():
            mine, yours = one[unit].get(field), other[unit].get(field)
            if field == "open":
                mine, yours = mine - yours, yours - mine
            found.append((unit, field, mine, yours))
    return [difference for difference in found if difference[2] != difference[3]]


def compare(seed, entries, views):
    known = state(bare(entries), unverified=unverified_ids(entries))
    for year, through, provisional in views:
        ours = score_year(known, built_in(), year, through, provisional=provisional)
        theirs = scorer.score(entries, year, through.isoformat(), provisional=provisional)
        found = differences(shown(ours), theirs)
        assert not found, (
            f"seed {seed}, year {year}, through {through}, provisional {provisional}: {found}"
        )


@pytest.mark.parametrize("seed", range(30))
def test_both_scorers_agree(seed):
    """Both give the same scores, flags and open points."""
    entries = ledger(seed, n_entries=150, rulings=20 if seed % 2 else 3)
    compare(
        seed,
        entries,
        [
            (year, through, provisional)
            for year, provisional in ((2016, False), (2016, True), (2015, False), (2017, True))
            for through in days_of(year, seed)
        ],
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_both_scorers_agree_on_long_ledgers(seed):
    """More and longer ledgers, every year and day, also provisionally."""
    entries = ledger(seed, n_entries=150 + seed % 3 * 150, rulings=20 if seed % 2 else 3)
    compare(
        seed,
        entries,
        [
            (year, through, provisional)
            for year in YEARS
            for through in days_of(year, seed)
            for provisional in (False, True)
        ],
    )
