"""Two processes that each judge some clauses come to the scores of one that judges all."""

import os
import random
import signal
import threading
from datetime import date

import pytest

from cli.sample import sample_year
from ledger.application import Ledger
from ledger.stores import create_store
from projections import halves
from projections.presentation import scores_json
from projections.rulebook import load_rulebook
from projections.scores import score_year
from projections.sheets import Asked, score_town
from tests.projections.stored import stored
from tests.support import submissions


@pytest.fixture(autouse=True)
def _large(monkeypatch):
    """Every ledger is large enough for a second process, and there are cores for it."""
    monkeypatch.setattr(halves, "LARGE", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def compare(ledger, seed):
    chance = random.Random(seed)
    head = ledger.register().position
    for to in (head, chance.randint(1, head)):
        whole = ledger.register_at(to)
        for year in (2015, 2016, 2017):
            for day in (date(year, 11, 30), date(year, chance.randint(1, 11), 15)):
                for provisional in (False, True):
                    right = score_year(whole, load_rulebook(), year, day, provisional=provisional)
                    asked = Asked(year, day, provisional)
                    _, scores = score_town(ledger.store, load_rulebook(), asked, to)
                    assert scores_json(scores) == scores_json(right), (seed, to, asked)


@pytest.mark.parametrize("seed", range(6))
def test_halves_come_to_the_whole(tmp_path, seed):
    with stored(tmp_path, seed) as ledger:
        assert halves.can_halve(ledger.store, 1)
        compare(ledger, seed)


def test_of_two_findings_that_count_at_once_the_first_stands(tmp_path):
    """Provisionally, between a replacement's recording and the mark on what it replaces."""
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    ledger = Ledger(store, load_rulebook())
    unit = {"kind": "unit", "id": "V1", "name": "样例村", "type": "village"}
    finding = {"kind": "inspection_finding", "unit": "V1", "year": 2016, "item": "2.1"}
    ledger.record(submissions([unit, {**finding, "id": "F-1", "points": "0.75"}]), "clerk", "head")
    replacement = {**finding, "id": "F-2", "points": "0", "replaces": "F-1"}
    reversal = {"kind": "reversal", "id": "F-1.R", "of": "F-1", "reason": "误"}
    end = ledger.record(submissions([reversal, replacement]), "clerk").position
    asked = Asked(2016, date(2016, 11, 30), provisional=True)
    # The mark on F-1 is the last event: before it F-2 is recorded and F-1 not marked yet.
    for to, points in ((end - 1, "0.75"), (end, "0")):
        _, scores = score_town(store, load_rulebook(), asked, to)
        assert str(scores.unit("V1").inspection) == points
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1060))
def test_halves_come_to_the_whole_at_length(tmp_path, seed):
    with stored(tmp_path, seed, 150 + seed % 3 * 150) as ledger:
        compare(ledger, seed)


@pytest.fixture
def town(tmp_path):
    store = create_store(f"sqlite:///{tmp_path}/tally.db")
    ledger = Ledger(store, load_rulebook())
    ledger.record(submissions(sample_year()), "clerk", "head")
    yield ledger
    store.close()


def test_a_child_that_fails_is_done_without(town, monkeypatch):
    """What the child should have told is then computed here."""
    own = os.getpid()

    def broken(*arguments, **more):
        if os.getpid() != own:
            raise MemoryError
        return gather(*arguments, **more)

    gather = halves.gather
    monkeypatch.setattr(halves, "gather", broken)
    asked = Asked(2016, date(2016, 11, 30), provisional=False)
    head = town.register().position
    right = score_year(town.register(), load_rulebook(), 2016, date(2016, 11, 30))
    assert (
        halves.score_in_halves(
            town.store, load_rulebook(), 2016, asked.through, head, provisional=False
        )
        is None
    )
    assert scores_json(score_town(town.store, load_rulebook(), asked, head)[1]) == scores_json(
        right
    )


def test_where_no_process_can_be_made_one_does_it(town, monkeypatch):
    def none():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", none)
    same_as_whole(town)


def test_where_no_pipe_can_be_made_one_does_it(town, monkeypatch):
    def none():
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "pipe", none)
    same_as_whole(town)


def test_where_nobody_is_told_of_children_that_end(town):
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        same_as_whole(town)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_no_child_is_left_behind(town, monkeypatch):
    def broken(*_, **__):
        raise KeyboardInterrupt

    fork, made = os.fork, []

    def counted():
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr(halves.YearReading, "read_happenings_and_inspection", broken)
    with pytest.raises(KeyboardInterrupt):
        same_as_whole(town)
    assert len(made) == 1
    with pytest.raises(ChildProcessError):
        os.waitpid(made[0], os.WNOHANG)


def same_as_whole(town):
    day, head = date(2016, 11, 30), town.register().position
    right = score_year(town.register(), load_rulebook(), 2016, day)
    asked = Asked(2016, day, provisional=False)
    assert scores_json(score_town(town.store, load_rulebook(), asked, head)[1]) == scores_json(
        right
    )


def test_with_much_that_awaits_verification_one_process_does_it(tmp_path, monkeypatch):
    monkeypatch.setattr(halves, "_MOST_AWAITING", 2)
    with stored(tmp_path, 3) as ledger:
        head = ledger.register().position
        day = date(2016, 11, 30)
        asked = (ledger.store, load_rulebook(), 2016, day, head)
        assert halves.score_in_halves(*asked, provisional=False) is None
        compare(ledger, 3)


def test_beside_other_threads_there_is_no_second_process(town):
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    assert not halves.can_halve(town.store, 10_000)
    done.set()
    thread.join()
