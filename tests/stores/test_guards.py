"""A SQLite ledger takes no row that no writer of this program makes, as far as triggers can say."""

import sqlite3
from contextlib import closing

import pytest

from ledger.stores import create_store, open_store
from tests.stores.stored import events, note, whole

GOOD = {"id": "X", "version": 1, "topic": "tally.Test", "state": b"{}"}


@pytest.fixture
def raw(sqlite_url):
    """A connection to a ledger of three events that bypasses the program."""
    with closing(create_store(sqlite_url)) as store:
        store.recorder.insert_events(events("A", 3), after=0)
        with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
            yield connection


def append(raw, **values):
    row = {**GOOD, **values}
    raw.execute("INSERT INTO stored_events VALUES (4, ?, ?, ?, ?)", tuple(row.values()))


@pytest.mark.parametrize(
    "values",
    [
        {"topic": "x"},
        {"topic": "tally."},
        {"topic": "tally.test"},
        {"topic": "tally.Test; "},
        {"topic": "tally.T\0"},
        {"topic": "tally." + "T" * 59},
        {"topic": b"tally.Test"},
        {"id": ""},
        {"id": "X" * 129},
        {"id": "X\0Y"},
        {"id": b"X"},
        {"version": 0},
        {"version": -1},
        {"version": 2},
        {"version": 1.5},
        {"version": "one"},
        {"id": "A-1", "version": 3},
        {"id": "A-1", "version": 1},
        {"state": b""},
        {"state": b"\0"},
        {"state": b"{"},
        {"state": b"{}\0"},
        {"state": b"[]"},
        {"state": b" {}"},
        {"state": "{}"},
        {"state": b'{"a":"%b"}' % (b"a" * (1 << 25))},
    ],
    ids=lambda values: " ".join(f"{name}={str(value)[:20]!r}" for name, value in values.items()),
)
def test_refuses_a_row_that_no_writer_makes(raw, values):
    with pytest.raises(sqlite3.IntegrityError):
        append(raw, **values)
    assert raw.execute("SELECT count(*) FROM stored_events").fetchone() == (3,)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"id": "A-1", "version": 2},
        {"id": "镇信〔2016〕第3号"},
        {"id": "objection:" + "X" * 64},
        {"id": f"copy:{2**63}:{'f' * 64}"},
        {"topic": "tally.CriticismRecorded"},
        {"state": '{"reason":"重复登记"}'.encode()},
    ],
    ids=lambda values: " ".join(f"{name}={str(value)[:20]!r}" for name, value in values.items()),
)
def test_accepts_what_writers_make(raw, values):
    append(raw, **values)
    assert raw.execute("SELECT count(*) FROM stored_events").fetchone() == (4,)


@pytest.mark.parametrize(
    ("size", "text"), [(4, note(4)), (-1, note(-1)), (2, note(3)), (2, "junk"), (2, b"junk")]
)
def test_refuses_a_junk_checkpoint(raw, size, text):
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("INSERT INTO checkpoints VALUES (?, ?)", (size, text))
    raw.execute("INSERT INTO checkpoints VALUES (?, ?)", (3, note(3)))


def test_a_ledger_from_before_the_guards_is_whole_and_gets_them_at_the_next_append(raw, sqlite_url):
    raw.executescript(
        "DROP TRIGGER only_events; DROP TRIGGER only_checkpoints; PRAGMA user_version = 1"
    )
    append(raw, topic="x")
    with closing(open_store(sqlite_url)) as store:
        assert len(whole(store)) == 4
        store.recorder.insert_events(events("B", 1), after=4)
        assert len(whole(store)) == 5
        assert raw.execute("PRAGMA user_version").fetchone() == (2,)
        with pytest.raises(sqlite3.IntegrityError, match="tally did not write this row"):
            raw.execute("INSERT INTO stored_events VALUES (6, 'C', 1, 'x', x'00')")
        raw.execute("DROP TRIGGER only_events")
        assert store.audit() == ["trigger only_events is missing"]


def test_rows_of_another_ledger_are_taken_as_they_are(sqlite_url):
    """A copy holds the damaged rows that were set aside; then the guards are there."""
    with closing(create_store(sqlite_url)) as store:
        row = events("A", 1)[0]
        damaged = type(row)("A-1", 7, "x", b"\0")
        store.recorder.insert_events([row, damaged], after=0, as_found=True)
        assert [one.topic for one in whole(store)] == ["tally.Test", "x"]
