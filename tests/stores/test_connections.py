"""Read many ledgers of a server by one connection, as a fold of many towns does."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import date

import psycopg
import pytest

from ledger import read_model
from ledger.application import Ledger
from ledger.errors import NotALedgerError, StoreError
from ledger.stores import Connections, create_store, open_store, postgres
from projections.adopted import Measures
from projections.loader import Loader
from projections.query import ScoreQuery
from tests.oracle import bare, unverified_ids
from tests.oracle.generate import ledger as random_entries
from tests.stores.stored import Clock, events, ledger, note, record, unit
from tests.support import adopt, shown, submissions

DAY = date(2016, 11, 30)


def filled(url):
    """Make a random ledger of 40 entries, some of them unverified."""
    entries = random_entries(12, n_entries=40)
    waiting = unverified_ids(entries)
    with closing(create_store(url)) as store:
        made = ledger(store, Clock())
        adopt(made, 2016)
        made.record(submissions(bare(entries)), "clerk")
        made.verify([entry["id"] for entry in entries if entry["id"] not in waiting], "head")
    return url


def fold(url, lent=None):
    """Read a ledger once, as it is read for a table of its year."""
    with closing(open_store(url, lent=lent)) as store:
        loader = Loader(Ledger(store, Measures), lambda: DAY)
        return shown(loader.scores(ScoreQuery(2016, DAY, None)).scores)


@pytest.fixture
def connected(monkeypatch):
    """Every connection that the program opens, in order."""
    opened, connect = [], psycopg.Connection.connect

    def counted(conninfo, **more):
        connection = connect(conninfo, **more)
        if connection.info.get_parameters().get("application_name") == "tally":
            opened.append(connection)
        return connection

    monkeypatch.setattr(psycopg.Connection, "connect", counted)
    monkeypatch.setattr(psycopg, "connect", counted)
    return opened


@pytest.fixture
def by_pages(monkeypatch):
    """Read every ledger as a large one is read: by cursors of the server."""
    monkeypatch.setattr(postgres, "IN_ONE_GO", 0)


def end(server, connection):
    """End a connection on the server, and wait until it is gone."""
    with server.connect() as other:
        other.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        here = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        while other.execute(here, (connection.info.backend_pid,)).fetchone():
            time.sleep(0.01)


def test_folds_many_ledgers_by_one_connection_that_is_closed_at_the_end(
    postgres_url, sqlite_url, connected, monkeypatch
):
    filled(postgres_url)
    right = fold(filled(sqlite_url))
    connected.clear()
    assert fold(postgres_url) == right
    assert len(connected) == 1, "a store of its own needs no more"
    connected.clear()
    with Connections() as lent:
        assert [fold(postgres_url, lent) for _ in range(3)] == [right] * 3
        assert fold(sqlite_url, lent) == right, "a file needs none"
        monkeypatch.setattr(postgres, "IN_ONE_GO", 0)
        assert fold(postgres_url, lent) == right
        monkeypatch.setattr(read_model, "SMALL", 0)
        assert fold(postgres_url, lent) == right, "of a large ledger a year is loaded by parts"
        assert [one.closed for one in connected] == [False]
    assert [one.closed for one in connected] == [True]


def test_every_reading_goes_by_the_lent_connection(postgres_url, connected):
    with closing(create_store(postgres_url)) as store:
        record(store, unit("V1"), verify_by="head")
        store.checkpoints.keep(2, note(2))
    connected.clear()
    with Connections() as lent, closing(open_store(postgres_url, lent=lent)) as store:
        assert store.audit() == []
        assert store.checkpoints.kept() == [(2, note(2))]
        assert store.sessions([1]).keys() == {1}
        assert store.time() is not None
        assert store.position() == len(list(store.rows())) == len(list(store.raw())) == 2
        assert store.last_number("V") == 0
        assert len(connected) == 1


def test_appends_to_a_ledger_that_is_read_by_a_lent_connection(postgres_url):
    create_store(postgres_url).close()
    with Connections() as lent, closing(open_store(postgres_url, lent=lent)) as store:
        assert record(store, unit("V1"), verify_by="head").position == 2
        assert [row[0] for row in store.rows()] == [1, 2]


def test_connects_anew_after_so_many_ledgers(postgres_url, connected, monkeypatch):
    create_store(postgres_url).close()
    monkeypatch.setattr(Connections, "EVERY", 3)
    connected.clear()
    with Connections() as lent:
        for _ in range(7):
            with closing(open_store(postgres_url, lent=lent)) as store:
                assert store.position() == 0
        assert [one.closed for one in connected] == [True, True, False]


def test_connects_anew_where_the_connection_broke_between_two_ledgers(
    postgres_url, server, connected
):
    filled(postgres_url)
    connected.clear()
    with Connections() as lent:
        right = fold(postgres_url, lent)
        end(server, connected[0])
        assert fold(postgres_url, lent) == right
        assert [one.closed for one in connected] == [True, False]


@pytest.mark.usefixtures("by_pages")
def test_connection_that_breaks_in_a_ledger_fails_that_reading_alone(
    postgres_url, server, connected
):
    with closing(create_store(postgres_url)) as store:
        store.recorder.insert_events(events("A", 3000))
    connected.clear()
    with Connections() as lent, closing(open_store(postgres_url, lent=lent)) as store:
        rows = store.rows()
        next(rows)
        end(server, connected[0])
        with pytest.raises(StoreError, match="connection to the server was lost"):
            list(rows)
        assert len(list(store.rows())) == 3000
        assert [one.closed for one in connected] == [True, False]


def test_no_ledger_is_told_and_the_next_is_read_by_the_same_connection(
    postgres_url, server, schema, connected
):
    filled(postgres_url)
    connected.clear()
    with Connections() as lent:
        right = fold(postgres_url, lent)
        with pytest.raises(NotALedgerError, match="there is no schema missing"):
            open_store(server.schema("missing"), lent=lent)
        with closing(open_store(postgres_url, lent=lent)) as store:
            server.connect().execute(f"DROP TABLE {schema}.checkpoints").connection.close()
            with pytest.raises(NotALedgerError, match="one of its tables is missing"):
                store.checkpoints.kept()
        assert fold(postgres_url, lent) == right
        assert len(connected) == 1


@pytest.mark.parametrize("limit", [0, 20_000])
def test_readings_within_each_other_see_one_moment_each(postgres_url, limit, monkeypatch):
    """Whatever is appended meanwhile; the rows of the one are not mixed with the other's."""
    monkeypatch.setattr(postgres, "IN_ONE_GO", limit)
    with closing(create_store(postgres_url)) as writer:
        writer.recorder.insert_events(events("A", 2500))
        with Connections() as lent, closing(open_store(postgres_url, lent=lent)) as store:
            assert store.position() == 2500
            outer, found = store.rows(), []
            for row in outer:
                found.append(row[0])
                if row[0] in {1, 1500}:
                    writer.recorder.insert_events(events(f"B{row[0]}", 1))
                    assert len(list(store.rows())) == store.position()
                    assert [one.position for one in store.raw_at([7])] == [7]
                    left = store.rows()  # left where it stands
                    next(left)
            assert found == list(range(1, 2501))
            assert store.position() == 2502


def test_a_few_rows_of_a_large_ledger_are_found_by_their_ids(postgres_url, schema, connected):
    """A cursor is planned for all of its rows: not read in their order until some are found."""
    with closing(create_store(postgres_url)) as store:
        store.recorder.insert_events(events("A", 3000))
        assert len(store.raw_with("A-77")) == 11
        found = connected[-1].execute(
            f"EXPLAIN DECLARE few CURSOR FOR SELECT * FROM {schema}.stored_events "
            "WHERE originator_id >= 'A-77' AND originator_id < 'A-78' ORDER BY notification_id"
        )
        assert any("stored_events_originator_id" in line for (line,) in found)


def test_a_server_that_cannot_be_reached_is_tried_once_for_many_ledgers(monkeypatch):
    """Each of its ledgers is told so; after a while it is tried again."""
    tried = []

    def refused(conninfo, **_):
        tried.append(conninfo)
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(psycopg, "connect", refused)
    with Connections() as lent:
        for town in ("t1", "t2", "t3"):
            with pytest.raises(StoreError, match=f"schema={town}.*connection refused"):
                open_store(f"postgresql://h/d?schema={town}", lent=lent)
        assert len(tried) == 1
        monkeypatch.setattr(Connections, "AWAY", 0.0)
        with pytest.raises(StoreError, match="refused"):
            open_store("postgresql://h/d?schema=t4", lent=lent)
        assert len(tried) == 2
