"""Events of older class versions score the same by each way of loading."""

from __future__ import annotations

from datetime import date

import pytest

from cli.sample import sample_year
from ledger import codec
from ledger.application import Ledger
from ledger.entries import BY_KIND
from ledger.stores import create_store
from projections.adopted import Measures
from projections.presentation import scores_json
from projections.measure import built_in
from projections.scores import score_year
from projections.year_loader import load_year
from tests.support import submissions

DAY = date(2016, 11, 30)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    store = create_store(f"sqlite:///{tmp_path_factory.mktemp('old')}/tally.db")
    ledger = Ledger(store, Measures)
    ledger.record(submissions(sample_year()), "clerk", "head")
    yield ledger
    store.close()


@pytest.fixture(scope="module")
def right(town):
    return scores_json(score_year(town.state(), built_in(), 2016, DAY))


@pytest.mark.parametrize("kind", BY_KIND)
def test_kind_of_an_older_class_version_scores_the_same(town, right, monkeypatch, kind):
    """The class is taken to be at version 2, so that stored events need an upcast."""
    called = []

    def upcast(state):
        called.append(state)
        return state

    monkeypatch.setitem(codec.UPCASTS, codec.RECORDED[kind], (upcast,))
    codec._reader.cache_clear()
    head = town.position()
    whole = score_year(town.state_at(head), built_in(), 2016, DAY)
    assert scores_json(whole) == right
    part = load_year(town.store, 2016, head)
    assert scores_json(score_year(part, built_in(), 2016, DAY)) == right
    assert called
    codec._reader.cache_clear()
