"""Points by place among units, by every way of loading: one unit's entries move others' points."""

from __future__ import annotations

from datetime import date

import pytest

from ledger import read_model
from ledger.application import Ledger
from ledger.decimals import plain
from ledger.read_model.read_model import open_read_model
from ledger.stores import create_store
from projections.adopted import Measures
from projections.loader import Loader
from projections.query import ScoreQuery
from tests.projections.folders import amount, clause, section, small_measure
from tests.support import submissions

CARD = clause(
    "card", "occurrence", entry="yellow_card", base="card", amount=[amount("card", points="-2")]
)
PLACE = clause(
    "place",
    "rank",
    section="places",
    amount=[
        amount("place", points="5", when={"place": "1"}),
        amount("place", points="3", when={"place": "2"}),
    ],
)
UNITS = [
    {"kind": "unit", "id": name, "name": f"样例{name}", "type": "village"}
    for name in ("V1", "V2", "V3")
]


def card(name, unit):
    return {"kind": "yellow_card", "id": name, "unit": unit, "issued_on": "2021-03-01"}


@pytest.fixture
def town(tmp_path):
    """A ledger with a read model under a measure that gives 5 and 3 points to the first two."""
    url = f"sqlite:///{tmp_path}/tally.db"
    store = create_store(url)
    ledger = Ledger(store, Measures)
    measure = small_measure(CARD, PLACE, section=[section(), section("places")])
    ledger.adopt(2021, "small", measure.content, "决定", "clerk", founding=True)
    ledger.record(submissions([*UNITS, card("Y-1", "V2"), card("Y-2", "V3")]), "clerk", "head")
    model = open_read_model(url, store)
    yield ledger, Loader(ledger, lambda: date(2022, 6, 1), lambda: model)
    model.close()
    store.close()


def totals(scores):
    return {one.unit: plain(one.total) for one in scores.units}


@pytest.mark.parametrize("small", [10**9, 0])
def test_entry_of_one_unit_moves_the_places_of_others(town, monkeypatch, small):
    """V1 leads (5); V2 and V3 share the second place (−2 + 3) until V1 gets two cards."""
    monkeypatch.setattr(read_model, "SMALL", small)
    ledger, loader = town
    query = ScoreQuery(2021)
    before = totals(loader.scores(query).scores)
    assert before == {"V1": "5", "V2": "1", "V3": "1"}
    ledger.record(submissions([card("Y-3", "V1"), card("Y-4", "V1")]), "clerk", "head")
    after = totals(loader.scores(query).scores)
    assert after == {"V2": "3", "V3": "3", "V1": "-4"}
    for unit in after:
        scores = loader.scores(ScoreQuery(2021, unit=unit), postings=True).scores
        assert plain(scores.unit(unit).total) == after[unit]
