"""Cached scores equal those of a full replay while a ledger grows."""

from __future__ import annotations

import random
from datetime import date

import pytest

from ledger.application import Ledger
from ledger.read_model.read_model import open_read_model
from ledger.read_model.sealing import read_model_path
from ledger.stores import create_store
from projections.adopted import Measures
from projections.latest_year import years_by_read_model, years_by_rows, years_of_whole
from projections.measure import built_in
from projections.query import YearQuery
from projections.score_cache import ScoreCache
from projections.scores import score_year
from tests.projections.stored import ADOPTED, YEARS, grown, url_of
from tests.support import adopt, shown, submissions


def days_of(year, seed):
    return [date(year, 11, 30), date(year, random.Random(f"{seed} {year}").randint(1, 11), 15)]


def candidates(store, model, whole, years):
    """Return the candidate years by a whole state, by the read model and by the rows."""
    measures, to = Measures(whole.adoptions), whole.position
    spans = [built_in().calendar.span(year) for year in years]
    return (
        years_of_whole(whole, measures, tuple(years)),
        years_by_read_model(model.lookup, store, to, measures, spans),
        years_by_rows(store, to, measures, spans),
    )


def compare(ledger, seed, url, chance):
    """Compare cache of every year and day, single units, and the years of the ledger."""
    model = open_read_model(url, ledger.store)
    assert model is not None
    try:
        cache = ScoreCache(model, ledger.store)
        for to in (model.position, chance.randint(ADOPTED, model.position)):
            whole = ledger.state_at(to)
            for among in ((2017, 2016, 2015), (2016, 2015), (2015,)):
                right, *others = candidates(ledger.store, model, whole, among)
                for other in others:
                    assert other.latest() == right.latest()
            for year in YEARS:
                for day in days_of(year, seed):
                    for provisional in (False, True):
                        query = YearQuery(year, day, provisional)
                        right = score_year(whole, built_in(), year, day, provisional=provisional)
                        cached = cache.scores(query, to)
                        place = (seed, to, query)
                        assert shown(cached) == shown(right), place
                        assert cached.town.rulings == right.town.rulings, place
                        compare_unit(model, right, query, to, chance)
    finally:
        model.close()


def compare_unit(model, right, query, to, chance):
    """Compare one unit, scored from its own entries."""
    if not right.units:
        return
    unit = chance.choice(right.units)
    state = model.lookup.state(to, units=[unit.unit], town=True)
    alone = score_year(
        state, built_in(), query.year, query.through, provisional=query.provisional
    ).unit(unit.unit)
    assert (alone.total, alone.periods, alone.sections, alone.open, alone.results) == (
        unit.total,
        unit.periods,
        unit.sections,
        unit.open,
        unit.results,
    ), (unit.unit, to, query)


def follow(folder, seed, entries, steps):
    chance = random.Random(seed)
    for ledger in grown(folder, seed, entries, steps):
        compare(ledger, seed, url_of(folder, seed), chance)


@pytest.mark.parametrize("seed", range(5))
def test_updated_read_model_equals_a_full_replay(tmp_path, seed):
    follow(tmp_path, seed, 150, 8)
    assert read_model_path(url_of(tmp_path, seed)).exists()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1060))
def test_updated_read_model_equals_a_full_replay_of_long_ledgers(tmp_path, seed):
    follow(tmp_path, seed, 150 + seed % 3 * 150, 30)


def test_report_without_a_batch_counts_for_the_latest_year(tmp_path):
    """A report of December 2016 belongs to the assessment year 2017."""
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    entries = [
        {"kind": "unit", "id": "V1", "name": "样例村", "type": "village"},
        {
            "kind": "information_report",
            "id": "IR-1",
            "unit": "V1",
            "urgency": "urgent",
            "matters": ["XF-1"],
            "submitted_at": "2016-12-02T09:00",
        },
    ]
    ledger = Ledger(store, Measures)
    adopt(ledger, 2016, 2017)
    ledger.record(submissions(entries), "clerk", "head")
    model = open_read_model(f"sqlite:///{tmp_path}/tally.db", store)
    for found in candidates(store, model, ledger.state(), (2017, 2016)):
        assert found.latest() == 2017
    model.close()
    store.close()
