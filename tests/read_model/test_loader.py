"""Loading a part gives what loading the whole ledger gives."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest

from ledger import read_model
from ledger.read_model.read_model import open_read_model
from ledger.submissions import parse
from projections.differences import differences
from projections.loader import BeyondTheEndError, Loader
from projections.preview import preview
from projections.query import ScoreQuery
from tests.projections.stored import ADOPTED, stored, url_of
from tests.support import adopt, shown, submissions

TODAY = date(2018, 6, 30)


@pytest.fixture(params=[0, 1, *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 12))])
def seed(request):
    return request.param


@pytest.fixture
def ledger(tmp_path, seed):
    with stored(tmp_path, seed) as made:
        yield made


@pytest.fixture(params=["read model", "events alone"])
def loaders(request, ledger, tmp_path, seed, monkeypatch):
    """Return a function that asks the loaders of a small and of a large ledger."""
    model = open_read_model(url_of(tmp_path, seed), ledger.store)
    opened = (lambda: model) if request.param == "read model" else (lambda: None)
    small = Loader(ledger, lambda: TODAY)
    large = Loader(ledger, lambda: TODAY, opened)

    def both(ask):
        monkeypatch.setattr(read_model, "SMALL", 10**9)
        whole = ask(small)
        monkeypatch.setattr(read_model, "SMALL", 0)
        return whole, ask(large)

    yield both
    model.close()


def queries(ledger, seed):
    chance = random.Random(seed)
    for year in (2015, 2016, 2017):
        for as_of in (None, chance.randint(ADOPTED, ledger.position())):
            for provisional in (False, True):
                yield ScoreQuery(year, None, as_of, provisional=provisional)


def test_scores_and_postings_are_the_same(ledger, loaders, seed):
    for query in queries(ledger, seed):
        whole, part = loaders(lambda loader, query=query: loader.scores(query, postings=True))
        assert shown(part.scores) == shown(whole.scores), query
        assert [one.results for one in part.scores.units] == [
            one.results for one in whole.scores.units
        ], query


def test_readings_in_force_are_the_same(ledger, loaders, seed):
    for query in queries(ledger, seed):
        whole, part = loaders(lambda loader, query=query: loader.town(query))
        assert (part[0].readings, part[0].rulings, part[1].position) == (
            whole[0].readings,
            whole[0].rulings,
            whole[1].position,
        )


def test_the_latest_year_is_the_same(ledger, loaders):
    for to in (None, *range(ADOPTED, ledger.position(), 25)):
        whole, part = loaders(lambda loader, to=to: loader.latest_year(to))
        assert part == whole, to


@pytest.mark.parametrize("verified", [True, False])
def test_a_year_whose_entries_were_all_taken_back_is_not_the_latest(ledger, loaders, verified):
    before, _ = loaders(lambda loader: loader.latest_year())
    adopt(ledger, 2018)
    unit = next(one.entry.id for one in ledger.state().entries.values() if one.entry.KIND == "unit")
    card = {"kind": "yellow_card", "id": "Y", "unit": unit, "issued_on": "2018-06-20"}
    back = {"kind": "reversal", "id": "Y.X", "of": "Y", "reason": "误"}
    ledger.record(submissions([card]), "clerk", "head")
    ledger.record(submissions([back]), "clerk", "head" if verified else None)
    whole, part = loaders(lambda loader: loader.latest_year())
    # Until its reversal is verified, the card counts.
    assert part == whole == (before if verified else 2018)


def test_differences_and_causes_are_the_same(ledger, loaders, seed):
    chance = random.Random(seed)
    start, end = sorted(chance.sample(range(ADOPTED, ledger.position() + 1), 2))
    for year in (2015, 2016, 2017):

        def ask(loader, year=year):
            after = loader.scores(ScoreQuery(year, None, end), postings=True, since=start)
            return differences(loader.scores(ScoreQuery(year, None, start), postings=True), after)

        whole, part = loaders(ask)
        assert part == whole


def test_previews_of_reversals_are_the_same(ledger, loaders, seed):
    state = ledger.state()
    not_reversed = [
        name
        for name, known in state.entries.items()
        if known.reversed is None and known.entry.KIND != "reversal"
    ]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for name in random.Random(seed).sample(not_reversed, 6):
        line = f'{{"kind":"reversal","id":"{name}.X","of":"{name}","reason":"误"}}'
        fresh = [parse(line.encode()).entry]
        whole, part = loaders(
            lambda loader, name=name, fresh=fresh: preview(
                loader, ledger.state_of([name]), fresh, at
            )
        )
        assert part == whole, name


def test_names_of_units_are_the_same(loaders):
    def names(loader):
        known = loader.of_kinds(["unit"]).entries.values()
        return {
            (one.entry.id, one.entry.name, one.verified is None, one.reversed is None)
            for one in known
            if one.entry.KIND == "unit"
        }

    whole, part = loaders(names)
    assert part == whole


def test_refuses_a_position_beyond_the_end(ledger, loaders):
    for loader in loaders(lambda loader: loader):
        with pytest.raises(BeyondTheEndError, match="the ledger ends at position"):
            loader.scores(ScoreQuery(2016, None, ledger.position() + 1))
