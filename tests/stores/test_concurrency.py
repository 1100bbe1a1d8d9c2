"""Concurrent writers and a following reader: no gap, in order, none missed, one winner."""

import sqlite3
import threading
import time
from collections import Counter

import psycopg
import pytest

from ledger.errors import LedgerMovedError
from ledger.stores import create_store, open_store
from ledger.stores.sqlite_url import path_of
from tests.stores.stored import events, whole
from tests.stores.workers import CONTEXT, append, duel, prepare_duel, write

WRITERS = 8


def follow(store, total, alive):
    """Follow the ledger as a projection does; return the ids of the events in the order read."""
    seen = []
    while len(seen) < total:
        page = store.recorder.select_notifications(len(seen) + 1, 200)
        for notification in page:
            assert notification.id == len(seen) + 1, "a position was skipped"
            seen.append(notification.originator_id)
        if not page and not alive():
            page = store.recorder.select_notifications(len(seen) + 1, 200)
            assert page, f"the writers ended after {len(seen)} events of {total}"
    return seen


def run_writers(store, url, work, imports, size, events_each):
    start = CONTEXT.Event()
    writers = [
        CONTEXT.Process(target=work, args=(url, f"W{n}", imports, size, start))
        for n in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    start.set()
    total = WRITERS * imports * events_each
    began = time.monotonic()
    seen = follow(store, total, lambda: any(writer.is_alive() for writer in writers))
    print(f"{WRITERS} writers, {total} events, {time.monotonic() - began:.1f} s")
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    rows = whole(store)
    assert [row.originator_id for row in rows] == seen
    assert len(rows) == total
    return rows


def test_eight_concurrent_imports_are_not_interleaved(store, url):
    """The events of an import are adjacent, and a following reader sees all in order."""
    rows = run_writers(store, url, write, 12, 4, 8)
    imports = [row.originator_id.rpartition("-")[0] for row in rows]
    assert imports == [name for name in dict.fromkeys(imports) for _ in range(8)]


def test_eight_concurrent_appends_leave_no_gap(store, url):
    run_writers(store, url, append, 40, 25, 25)


@pytest.mark.slow
def test_many_concurrent_imports_are_not_interleaved(store, url):
    run_writers(store, url, write, 150, 10, 20)


@pytest.mark.slow
def test_many_concurrent_appends_leave_no_gap(store, url):
    run_writers(store, url, append, 1000, 25, 25)


def test_one_of_two_conflicting_writers_wins(store, url):
    """Two processes record one id, or reverse one entry, at the same moment, fifty times."""
    rounds = 50
    prepare_duel(store, rounds)
    barrier, outcomes = CONTEXT.Barrier(2), CONTEXT.Queue()
    duellists = [
        CONTEXT.Process(target=duel, args=(url, name, rounds, barrier, outcomes))
        for name in ("wang", "li")
    ]
    for duellist in duellists:
        duellist.start()
    results = [outcomes.get(timeout=60) for _ in range(2 * rounds)]
    for duellist in duellists:
        duellist.join()
    assert Counter(number for number, _, won in results if won) == dict.fromkeys(range(rounds), 1)
    assert len({name for _, name, won in results if won}) == 2, "each wins sometimes"
    # A recording is one event, a reversal two; the unit and the batches were there before.
    assert len(whole(store)) == 1 + rounds // 2 + 2 * (rounds // 2) + rounds // 2


def in_thread(work):
    """Start the work in a thread; return it with the list that will hold the outcome."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except Exception as error:  # noqa: BLE001 - for the test to look at
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_postgres_writers_wait_for_an_open_transaction(postgres_url):
    """The next writer waits for one that is slow to commit; a reader sees neither, then both."""
    store, other = create_store(postgres_url), open_store(postgres_url)
    slow = store.recorder
    with slow._turn() as (connection, head):
        state = b'{"at":"2026-01-01T00:00:00.000000Z"}'
        connection.execute(slow._call, (head, ["slow"], [1], ["tally.Test"], [state]))
        decided, refused = in_thread(lambda: other.recorder.insert_events(events("A", 1), after=0))
        queued, appended = in_thread(lambda: other.recorder.insert_events(events("B", 2)))
        time.sleep(0.3)
        assert not refused
        assert not appended
        assert list(other.recorder.select_notifications(1, 10)) == []
    decided.join()
    queued.join()
    assert isinstance(refused[0], LedgerMovedError)
    assert appended == [[2, 3]]
    assert [row.originator_id for row in whole(other)] == ["slow", "B-0", "B-1"]
    store.close()
    other.close()


def test_postgres_refuses_a_row_ahead_of_an_uncommitted_one(postgres_url, server, schema):
    """SQL that takes no lock cannot insert position 2 while 1 is not committed."""
    store = create_store(postgres_url)
    row = f"INSERT INTO {schema}.stored_events VALUES (%s, %s, 1, 't', 's')"
    with server.connect() as first, server.connect() as second:
        with first.transaction():
            first.execute(row, (1, "slow"))
            with pytest.raises(psycopg.errors.RestrictViolation):
                second.execute(row, (2, "overtaking"))
            decided, refused = in_thread(
                lambda: store.recorder.insert_events(events("A", 1), after=0)
            )
            time.sleep(0.2)
            assert not refused
        decided.join()
        second.execute(row, (2, "after"))
    assert isinstance(refused[0], LedgerMovedError)
    assert [row.originator_id for row in whole(store)] == ["slow", "after"]
    store.close()


def test_sqlite_writers_wait_for_an_open_transaction(sqlite_url):
    store = create_store(sqlite_url)
    slow = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
    slow.execute("BEGIN IMMEDIATE")
    slow.execute(
        "INSERT INTO stored_events VALUES (1, 'slow', 1, 'tally.Test', CAST('{}' AS BLOB))"
    )
    decided, refused = in_thread(lambda: store.recorder.insert_events(events("A", 1), after=0))
    time.sleep(0.2)
    assert not refused
    assert list(store.recorder.select_notifications(1, 10)) == []
    slow.execute("COMMIT")
    slow.close()
    decided.join()
    assert isinstance(refused[0], LedgerMovedError)
    assert [row.originator_id for row in whole(store)] == ["slow"]
    store.close()
