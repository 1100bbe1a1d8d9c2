"""The loaded part of a year gives the same scores as the whole ledger."""

import random
from datetime import date

import pytest

from cli.sample import sample_year
from ledger.application import Ledger
from ledger.stores import create_store
from projections.adopted import Measures
from projections.measure import built_in
from projections.scores import score_year
from projections.year_loader import load_year
from tests.projections.stored import stored
from tests.support import shown, submissions

YEARS = (2015, 2016, 2017)


def visible(scores):
    """Return the JSON of scores, and the results of every unit."""
    return shown(scores), {unit.unit: unit.results for unit in scores.units}


def days_of(year, chance):
    return [date(year, 11, 30), date(year, 12, 31), date(year, chance.randint(1, 11), 15)]


def compare(ledger, seed):
    chance = random.Random(seed)
    head = ledger.state().position
    for to in (head, chance.randint(1, head), chance.randint(1, head)):
        whole = ledger.state_at(to)
        for year in YEARS:
            part = load_year(ledger.store, built_in().calendar.span(year), to)
            assert (part.position, part.last_at) == (whole.position, whole.last_at)
            for day in days_of(year, chance):
                for provisional in (False, True):
                    one, other = (
                        score_year(state, built_in(), year, day, provisional=provisional)
                        for state in (part, whole)
                    )
                    assert visible(one) == visible(other), (seed, to, year, day, provisional)


@pytest.mark.parametrize("seed", range(12))
def test_part_of_a_year_gives_the_scores_of_the_whole_ledger(tmp_path, seed):
    with stored(tmp_path, seed) as ledger:
        compare(ledger, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1150))
def test_part_of_a_year_gives_the_scores_of_long_ledgers(tmp_path, seed):
    with stored(tmp_path, seed, 150 + seed % 3 * 150) as ledger:
        compare(ledger, seed)


def test_loads_few_entries_for_a_year_without_entries(tmp_path):
    """Of 5,158 entries: units, periods, notices, rulings, corrections, references."""
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    Ledger(store, Measures).record(submissions(sample_year()), "clerk", "head")
    head, span = store.recorder.max_notification_id(), built_in().calendar.span
    assert len(load_year(store, span(2031), head).entries) < 300
    assert len(load_year(store, span(2016), head).entries) > 2_000
    store.close()
