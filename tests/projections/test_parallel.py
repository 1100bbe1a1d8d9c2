"""Two processes with different clauses give the scores of one with all."""

import os
import random
import signal
import threading
from datetime import date

import pytest

from cli.sample import sample_year
from ledger.application import Ledger
from ledger.stores import create_store
from projections import parallel
from projections.adopted import Measures
from projections.measure import built_in
from projections.parallel import score_in_parallel
from projections.publication import publication
from projections.query import YearQuery
from projections.scores import score_year
from tests.ledger.examples import carried
from tests.projections.stored import stored
from tests.support import shown, submissions

DAY = date(2016, 11, 30)


@pytest.fixture(autouse=True)
def _large(monkeypatch):
    """Make every ledger large enough for a second process, on two cores.

    The servers of tests before have idle threads in this process, which do not matter here.
    """
    monkeypatch.setattr(parallel, "LARGE", 0)
    count, idle = threading.active_count, threading.active_count() - 1
    monkeypatch.setattr(threading, "active_count", lambda: count() - idle)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def compare(ledger, seed):
    chance = random.Random(seed)
    head = ledger.position()
    for to in (head, chance.randint(1, head)):
        whole = ledger.state_at(to)
        for year in (2015, 2016, 2017):
            for day in (date(year, 11, 30), date(year, chance.randint(1, 11), 15)):
                for provisional in (False, True):
                    right = score_year(whole, built_in(), year, day, provisional=provisional)
                    query = YearQuery(year, day, provisional)
                    found = score_in_parallel(ledger.store, built_in(), query, to)
                    assert shown(found.scores) == shown(right), (seed, to, query)
                    assert found.state.objections == whole.objections


@pytest.mark.parametrize("seed", range(2))
def test_gives_the_scores_of_a_full_replay(tmp_path, seed):
    with stored(tmp_path, seed) as ledger:
        compare(ledger, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1070))
def test_gives_the_scores_of_a_full_replay_of_long_ledgers(tmp_path, seed):
    with stored(tmp_path, seed, 150 + seed % 3 * 150) as ledger:
        compare(ledger, seed)


def test_nothing_is_scored_beside_a_quarter_that_was_carried_forward(tmp_path):
    """Its missing monthly reports cost nothing, which the second process judges: 7.5 + 12."""
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    ledger = Ledger(store, Measures)
    unit = {"kind": "unit", "id": "V1", "name": "样例村", "type": "village"}
    ledger.record(submissions([unit, carried(unit="V1")]), "clerk", "head")
    query = YearQuery(2016, date(2016, 2, 29))
    found = score_in_parallel(store, built_in(), query, ledger.position())
    assert [str(period.score) for period in found.scores.unit("V1").periods] == ["19.5"]
    store.close()


def test_first_of_two_findings_that_count_at_once_is_scored(tmp_path):
    """Provisional scores between the replacement and the event on the replaced one."""
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    ledger = Ledger(store, Measures)
    unit = {"kind": "unit", "id": "V1", "name": "样例村", "type": "village"}
    finding = {"kind": "inspection_finding", "unit": "V1", "year": 2016, "item": "2.1"}
    ledger.record(submissions([unit, {**finding, "id": "F-1", "points": "0.75"}]), "clerk", "head")
    replacement = {**finding, "id": "F-2", "points": "0", "replaces": "F-1"}
    reversal = {"kind": "reversal", "id": "F-1.R", "of": "F-1", "reason": "误"}
    end = ledger.record(submissions([reversal, replacement]), "clerk").position
    query = YearQuery(2016, DAY, provisional=True)
    # The event on F-1 is the last one: before it, F-2 is recorded and F-1 not yet reversed.
    for to, points in ((end - 1, "0.75"), (end, "0")):
        found = score_in_parallel(store, built_in(), query, to)
        assert str(found.scores.unit("V1").sections["inspection"]) == points
    store.close()


@pytest.fixture
def town(tmp_path):
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    ledger = Ledger(store, Measures)
    ledger.record(submissions(sample_year()), "clerk", "head")
    yield ledger
    store.close()


def in_parallel(town):
    return score_in_parallel(town.store, built_in(), YearQuery(2016, DAY), town.position())


def test_state_has_each_edition_once(town):
    """A publication has one event, like an unverified entry."""
    state, figures = town.state(), score_year(town.state(), built_in(), 2016, DAY)
    town.publish("2016Q2", lambda state: publication(state, figures, 2, None), "office")
    assert in_parallel(town).state.editions == state.editions
    assert len(state.editions["2016Q2"]) == 1


def test_gives_nothing_if_the_worker_fails(town, monkeypatch):
    own, gather = os.getpid(), parallel.gather

    def broken(*arguments, **more):
        if os.getpid() != own:
            raise MemoryError
        return gather(*arguments, **more)

    monkeypatch.setattr(parallel, "gather", broken)
    assert in_parallel(town) is None


@pytest.mark.parametrize("call", ["fork", "pipe"])
def test_gives_nothing_if_no_worker_can_be_started(town, monkeypatch, call):
    def none():
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, call, none)
    assert in_parallel(town) is None


def test_works_where_ended_children_are_not_reported(town):
    right = shown(score_year(town.state(), built_in(), 2016, DAY))
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert shown(in_parallel(town).scores) == right
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_leaves_no_worker_behind_when_it_is_interrupted(town, monkeypatch):
    own, gather, fork, made = os.getpid(), parallel.gather, os.fork, []

    def interrupted(*arguments, **more):
        if os.getpid() == own:
            raise KeyboardInterrupt
        return gather(*arguments, **more)

    def counted():
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr(parallel, "gather", interrupted)
    with pytest.raises(KeyboardInterrupt):
        in_parallel(town)
    assert len(made) == 1
    with pytest.raises(ChildProcessError):
        os.waitpid(made[0], os.WNOHANG)


def test_starts_no_worker_beside_other_threads(town):
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    assert in_parallel(town) is None
    done.set()
    thread.join()
