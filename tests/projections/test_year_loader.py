"""The loaded part of a year gives the same scores as the whole ledger."""

import random
from datetime import date

import pytest

from cli.sample import sample_year
from ledger.application import Ledger
from ledger.earlier import earlier
from ledger.state import LedgerState
from ledger.stores import create_store
from projections.adopted import Measures
from projections.measure import built_in
from projections.publication import publication
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
    """Compare with the whole ledger what was loaded, and what was made from the newest part."""
    chance = random.Random(seed)
    head = ledger.state().position
    for to in (head, chance.randint(1, head), chance.randint(1, head)):
        whole = ledger.state_at(to)
        for year in YEARS:
            span = built_in().calendar.span(year)
            part = load_year(ledger.store, span, to)
            made = earlier(load_year(ledger.store, span, head, idle=True, since=0), to)
            assert (part.position, part.last_at) == (whole.position, whole.last_at)
            for day in days_of(year, chance):
                for provisional in (False, True):
                    one, other, third = (
                        visible(score_year(state, built_in(), year, day, provisional=provisional))
                        for state in (part, whole, made)
                    )
                    assert one == other == third, (seed, to, year, day, provisional)


def without_versions(state):
    """Return a state without the versions of statements, which are those of the later state."""
    stated = (state.editions, state.adoptions, state.asides)
    for one in (one for known in stated for some in known.values() for one in some):
        one.version = 0
    return state


@pytest.mark.parametrize("seed", range(4))
def test_an_earlier_state_made_from_the_newest_is_the_one_folded_from_the_events(tmp_path, seed):
    """At every position: entries with what happened to them, objections, editions, adoptions."""

    def figures(state):
        scores = score_year(state, built_in(), 2016, date(2016, 11, 30))
        return publication(state, scores, 1, None, None)

    with stored(tmp_path, seed) as ledger:
        ledger.publish("2016Q1", figures, "clerk")
        ledger.decide(next(iter(ledger.state().objections)), "dismissed", "核实无误", "head")
        ledger.verify(["publication:2016Q1"], "head")
        ledger.withdraw("2016Q1", "数据有误", "head")
        newest = ledger.state()
        folded = LedgerState()
        for row in ledger.store.rows():
            folded.fold([row])
            made = earlier(newest, row[0]).end_at(row)
            assert without_versions(made) == without_versions(folded.branch(*folded.entries))


@pytest.mark.parametrize("seed", range(4))
def test_part_of_a_year_gives_the_scores_of_the_whole_ledger(tmp_path, seed):
    with stored(tmp_path, seed) as ledger:
        compare(ledger, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1160))
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
