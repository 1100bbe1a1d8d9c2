"""What an earlier version of an event's class wrote counts by every way of reading."""

from __future__ import annotations

import os
from datetime import date
from functools import cache

import pytest
from projections.slices.year import year_register

from cli.sample import sample_year
from ledger import replay, topics
from ledger.application import Ledger
from ledger.entries import BY_KIND
from ledger.events import RECORDED
from ledger.stores import create_store
from projections import halves
from projections.presentation import scores_json
from projections.rulebook import load_rulebook
from projections.scores import score_year
from projections.sheets import Asked, score_town
from tests.support import submissions

DAY = date(2016, 11, 30)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    store = create_store(f"sqlite:///{tmp_path_factory.mktemp('old')}/tally.db")
    ledger = Ledger(store, load_rulebook())
    ledger.record(submissions(sample_year()), "clerk", "head")
    yield ledger
    store.close()


@pytest.fixture(scope="module")
def right(town):
    return scores_json(score_year(town.register(), load_rulebook(), 2016, DAY))


@pytest.mark.parametrize("kind", BY_KIND)
def test_a_kind_whose_class_has_changed(town, right, monkeypatch, kind):
    """As if its class were at version 2 by now, and said the same in other words before."""
    monkeypatch.setitem(topics.CLASS_VERSIONS, topics.RECORDED[kind], 2)
    monkeypatch.setattr(RECORDED[kind], "CLASS_VERSION", 2)
    monkeypatch.setattr(RECORDED[kind], "upcast", staticmethod(lambda state, _: dict(state)))
    monkeypatch.setattr("ledger.replay._reader", reader := fresh_reader())
    monkeypatch.setattr(halves, "LARGE", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    head = town.position()
    whole = score_year(town.register_at(head), load_rulebook(), 2016, DAY)
    assert scores_json(whole) == right
    part = year_register(town.store, 2016, head)
    assert scores_json(score_year(part, load_rulebook(), 2016, DAY)) == right
    asked = Asked(2016, DAY, provisional=False)
    assert scores_json(score_town(town.store, load_rulebook(), asked, head)[1]) == right
    assert reader.cache_info().misses


def fresh_reader():
    """The reader of a topic, which remembers how states of today's version begin."""
    return cache(replay._reader.__wrapped__)
