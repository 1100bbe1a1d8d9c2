"""Whatever is read by the view is what a replay of the whole ledger gives, at every step."""

from __future__ import annotations

import random
from datetime import date

import pytest

from ledger.application import Ledger
from ledger.read_model.read_model import open_read_model, read_model_path
from ledger.stores import create_store
from projections.latest_year import (
    latest_year,
    latest_year_by_read_model,
    latest_year_by_rows,
)
from projections.presentation import scores_json
from projections.query import YearQuery
from projections.rulebook import load_rulebook
from projections.score_cache import ScoreCache
from projections.scores import score_year
from tests.projections.stored import grown, url_of
from tests.support import submissions

YEARS = (2015, 2016, 2017)


def days_of(year, seed):
    return [date(year, 11, 30), date(year, random.Random(f"{seed} {year}").randint(1, 11), 15)]


def views_compare(ledger, seed, url, chance):
    """Sheets of every year and day, now and as of a position; single units; the latest year."""
    rulebook = load_rulebook()
    view = open_read_model(url, ledger.store)
    assert view is not None
    try:
        sheets = ScoreCache(view, ledger.store, rulebook)
        for to in (view.position, chance.randint(1, view.position)):
            whole = ledger.state_at(to)
            for until in (2030, 2016, 2014):
                right = latest_year(whole, until)
                assert latest_year_by_read_model(view.lookup, ledger.store, to, until) == right
                assert latest_year_by_rows(ledger.store, to, until) == right
            for year in YEARS:
                for day in days_of(year, seed):
                    for provisional in (False, True):
                        asked = YearQuery(year, day, provisional)
                        right = score_year(whole, rulebook, year, day, provisional=provisional)
                        paged = sheets.scores(asked, to)
                        place = (seed, to, asked)
                        assert scores_json(paged) == scores_json(right), place
                        assert paged.town.rulings == right.town.rulings, place
                        units_compare(view, right, asked, to, chance)
    finally:
        view.close()


def units_compare(view, right, asked, to, chance):
    """One unit by its own entries: the same figures, open points and findings."""
    if not right.units:
        return
    unit = chance.choice(right.units)
    state = view.lookup.state(to, units=[unit.unit], town=True)
    alone = score_year(
        state, load_rulebook(), asked.year, asked.through, provisional=asked.provisional
    ).unit(unit.unit)
    assert (alone.total, alone.quarters, alone.open, alone.results) == (
        unit.total,
        unit.quarters,
        unit.open,
        unit.results,
    ), (unit.unit, to, asked)


def follow(folder, seed, entries, steps):
    chance = random.Random(seed)
    for ledger in grown(folder, seed, entries, steps):
        views_compare(ledger, seed, url_of(folder, seed), chance)


@pytest.mark.parametrize("seed", range(5))
def test_a_view_that_follows_shows_what_a_replay_shows(tmp_path, seed):
    follow(tmp_path, seed, 150, 8)
    assert read_model_path(url_of(tmp_path, seed)).exists()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1060))
def test_a_view_that_follows_shows_what_a_replay_shows_at_length(tmp_path, seed):
    follow(tmp_path, seed, 150 + seed % 3 * 150, 30)


def test_the_latest_year_of_an_idle_report(tmp_path):
    """A report of December 2016 on a matter that never came up: of the assessment year 2017."""
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
    ledger = Ledger(store, load_rulebook())
    to = ledger.record(submissions(entries), "clerk", "head").position
    view = open_read_model(f"sqlite:///{tmp_path}/tally.db", store)
    assert latest_year(ledger.state(), 2026) == 2017
    assert latest_year_by_rows(store, to, 2026) == 2017
    assert latest_year_by_read_model(view.lookup, store, to, 2026) == 2017
    view.close()
    store.close()
