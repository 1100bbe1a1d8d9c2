"""Events of older class versions score the same by each way of loading."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cli.sample import sample_year
from ledger import codec
from ledger.application import Ledger
from ledger.entries import BY_KIND
from ledger.state import LedgerState
from ledger.stores import create_store
from projections.adopted import Measures
from projections.measure import built_in
from projections.publication import publication, published_beside
from projections.scores import score_year
from projections.year_loader import load_year
from tests.ledger.examples import carried
from tests.support import shown, submissions

DAY = date(2016, 11, 30)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    store = create_store(f"sqlite:///{tmp_path_factory.mktemp('old')}/tally.db")
    ledger = Ledger(store, Measures)
    ledger.record(submissions([*sample_year(), carried()]), "clerk", "head")
    yield ledger
    store.close()


@pytest.fixture(scope="module")
def right(town):
    return shown(score_year(town.state(), built_in(), 2016, DAY))


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
    assert shown(whole) == right
    part = load_year(town.store, built_in().calendar.span(2016), head)
    assert shown(score_year(part, built_in(), 2016, DAY)) == right
    assert called
    codec._reader.cache_clear()


def as_version_1(event):
    """Return the state of a publication as it was stored before measures had periods."""
    state = json.loads(codec.encode(event))
    state["class_version"], state["quarter"] = 1, state.pop("period")
    state["figures"] = [
        {
            "unit": one["unit"],
            "name": one["name"],
            "quarter": one["period"],
            "score": one["score"],
            **one["sections"],
            **one["beside"],
            "disqualified": "disqualified" in one["flags"],
            "vetoed": "vetoed" in one["flags"],
            "eligible": one["eligible"],
        }
        for one in state["figures"]
    ]
    return json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()


def test_publication_of_class_version_1_has_the_figures_of_the_present_one(town):
    """A quarter with sections of its own and two flags is a period with sections and flags."""
    state = town.state()
    scores = score_year(state, built_in(), 2016, DAY)
    event = publication(state, scores, 4, None)
    assert {flag for one in event.figures for flag in one["flags"]} == {"disqualified", "vetoed"}
    old = as_version_1(event)
    for read in (codec.decode(codec.PUBLISHED, old), codec.validate("x", codec.PUBLISHED, old)):
        assert read == event
    known = LedgerState().fold([(1, "published:2016Q4", 1, codec.PUBLISHED, old)])
    assert published_beside(scores, known) == {}
