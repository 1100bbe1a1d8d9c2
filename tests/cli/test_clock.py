"""Every command that appends refuses a wrong clock, and takes `--trust-clock`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.application import Ledger
from ledger.stores import open_store
from projections.adopted import Measures
from tests.support import submissions

YELLOW = {"kind": "yellow_card", "unit": "V001", "issued_on": "2016-06-01"}
AHEAD = datetime(2099, 1, 1, 12, tzinfo=UTC)
BEHIND = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)

APPENDING = [
    "record yellow_card --id Y-1 --unit V001 --issued-on 2016-06-20 --by clerk",
    "verify --all --by chief",
    "publish 2016Q2 --by office",
    "object B-1 --unit V001 --reason x --by clerk",
    "reverse B-1 --reason x --by clerk --yes",
    "correct B-1 --set headcount=6 --reason x --by clerk --yes",
    "measure adopt shengzhou-2010-62 --year 2010 --basis x --by clerk",
]


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the clock of the computer, but not that of the disk."""

    def set_to(time):
        monkeypatch.setattr("ledger.clock.datetime", type("Clock", (), {"now": lambda _: time}))

    return set_to


@pytest.mark.parametrize("words", APPENDING)
@pytest.mark.parametrize("time", [AHEAD, BEHIND])
def test_a_wrong_clock_is_refused(town, clock, words, time):
    town.take_in({**YELLOW, "id": "Y-0"}, verify_by=None)
    before = town.rows()
    clock(time)
    run = town(*words.split()).refused()
    assert run.err.startswith("tally: the clock of this computer says ")
    assert "--trust-clock" in run.err
    assert town.rows() == before


@pytest.mark.parametrize("words", APPENDING)
def test_one_may_insist_on_the_clock(town, clock, words):
    town.take_in({**YELLOW, "id": "Y-0"}, verify_by=None)
    before = town.position
    clock(AHEAD)
    town(*words.split(), "--trust-clock").ok()
    assert town.position > before
    assert b"2099-01-01T12:00:00" in town.rows()[-1][-1]


def test_an_event_that_a_wrong_clock_dated_dates_no_other(town, clock):
    """With the clock right again, nobody goes on in 2099 without being told."""
    clock(AHEAD)
    town(*APPENDING[0].split(), "--trust-clock").ok()
    clock(datetime.now(UTC))
    before = town.rows()
    run = town("verify", "--all", "--by", "chief").refused()
    assert "the last event was recorded at 2099-01-01 20:00: one of the two is wrong" in run.err
    assert "tally restore" in run.err, "how to be rid of the event"
    assert "tally list --format jsonl" in run.err
    assert town.rows() == before
    town("verify", "--all", "--by", "chief", "--trust-clock").ok()
    assert b"2099-01-01T12:00:00" in town.rows()[-1][-1]


@pytest.mark.parametrize("time", [AHEAD, BEHIND])
def test_no_ledger_is_made_by_a_clock_that_differs_from_the_disk(nothing, clock, time):
    clock(time)
    assert "where the ledger is kept it is" in nothing("init").refused().err
    assert list(nothing.folder.iterdir()) == []
    nothing("init", "--trust-clock").ok()


def test_the_store_tells_the_time(town):
    store = open_store(town.url)
    assert abs((store.time() - datetime.now(UTC)).total_seconds()) < 5
    store.close()


def test_sentences_have_the_time_of_the_office(town):
    """19:30 UTC is 3:30 of the next day at the office (UTC+08:00)."""
    store = open_store(town.url)
    ledger = Ledger(
        store, Measures, lambda: datetime(2099, 1, 1, 19, 30, tzinfo=UTC), trust_clock=True
    )
    ledger.record(submissions([{**YELLOW, "id": "Y-9"}]), "clerk", "head")
    store.close()
    run = town("verify", "Y-9", "--by", "chief", "--trust-clock").ok()
    assert "verified already by head on 2099-01-02 03:30 (position " in run.err
