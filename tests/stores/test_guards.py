"""No store takes a row that no writer of this program makes, as far as its guards can say.

A SQLite file refuses it by triggers, a PostgreSQL ledger by the functions by which roles write.
"""

import sqlite3
from contextlib import closing

import psycopg
import pytest

from ledger.stores import create_store, open_store
from ledger.stores.errors import EventsRejectedError
from tests.stores.granted import Append
from tests.stores.stored import events, note, whole

STATE = b'{"at":"2026-01-01T00:00:00.000000Z"}'
GOOD = {"id": "X", "version": 1, "topic": "tally.Test", "state": STATE}
REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.DataError)


def state_of(size):
    return b'%b,"a":"%b"}' % (STATE[:-1], b"a" * (size - len(STATE) - len(b',"a":""')))


class File:
    """A SQLite ledger of three events, and a connection that bypasses the program."""

    def __init__(self, store):
        self.store = store
        self.raw = sqlite3.connect(store.path, isolation_level=None)

    def append(self, *row):
        self.raw.execute("INSERT INTO stored_events VALUES (4, ?, ?, ?, ?)", row)

    def keep(self, size, text):
        self.raw.execute("INSERT INTO checkpoints VALUES (?, ?)", (size, text))

    def close(self):
        self.raw.close()


class Schema:
    """A PostgreSQL ledger of three events, and a connection that calls its functions."""

    def __init__(self, store):
        self.store = store
        self._call = Append(store.url)

    def append(self, *row):
        assert self._call.rows(3, *([one] for one in row)) == 3

    def keep(self, size, text):
        self._call.connection.execute(
            f"SELECT {self._call.schema}.keep_checkpoint(%s::bigint, %s::text)", (size, text)
        )

    def close(self):
        self._call.close()


@pytest.fixture
def guarded(store):
    """A ledger of three events on either store, written by SQL."""
    store.recorder.insert_events(events("A", 3), after=0)
    with closing((File if store.url.startswith("sqlite") else Schema)(store)) as made:
        yield made


@pytest.fixture
def raw(sqlite_url):
    """A connection to a SQLite ledger of three events that bypasses the program."""
    with closing(create_store(sqlite_url)) as store:
        store.recorder.insert_events(events("A", 3), after=0)
        with closing(File(store)) as file:
            yield file.raw


def said(values):
    return " ".join(f"{name}={str(value)[:20]!r}" for name, value in values.items())


def row(values):
    return tuple({**GOOD, **values}.values())


@pytest.mark.parametrize(
    "values",
    [
        {"topic": "x"},
        {"topic": "tally."},
        {"topic": "tally.test"},
        {"topic": "tally.Test; "},
        {"topic": "tally.Test\n"},
        {"topic": "tally.Tést"},
        {"topic": "tally.T\0"},
        {"topic": "tally." + "T" * 59},
        {"topic": None},
        {"id": ""},
        {"id": "X" * 129},
        {"id": "信" * 129},
        {"id": "X\0Y"},
        {"id": None},
        {"version": 0},
        {"version": -1},
        {"version": 2},
        {"version": None},
        {"id": "A-1", "version": 3},
        {"id": "A-1", "version": 1},
        {"state": b""},
        {"state": b"\0"},
        {"state": b"{"},
        {"state": STATE + b"\0"},
        {"state": STATE + b"}"},
        {"state": b"[%b]" % STATE},
        {"state": b'"at"'},
        {"state": b" " + STATE},
        {"state": state_of((1 << 25) + 1)},
        {"state": None},
    ],
    ids=said,
)
def test_refuses_a_row_that_no_writer_makes(guarded, values):
    with pytest.raises(REFUSED):
        guarded.append(*row(values))
    assert len(whole(guarded.store)) == 3


@pytest.mark.parametrize(
    "values",
    [
        {"topic": b"tally.Test"},
        {"id": b"X"},
        {"version": 1.5},
        {"version": "one"},
        {"state": STATE.decode()},
    ],
    ids=said,
)
def test_refuses_a_value_of_another_type_where_columns_have_none(raw, values):
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("INSERT INTO stored_events VALUES (4, ?, ?, ?, ?)", row(values))
    assert raw.execute("SELECT count(*) FROM stored_events").fetchone() == (3,)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"id": "A-1", "version": 2},
        {"id": "镇信〔2016〕第3号"},
        {"id": "信" * 128},
        {"id": "objection:" + "X" * 64},
        {"id": f"copy:{2**63}:{'f' * 64}"},
        {"topic": "tally.CriticismRecorded"},
        {"topic": "tally." + "T" * 58},
        {"state": b'%b,"reason":"%b"}' % (STATE[:-1], "重复登记".encode())},
        {"state": state_of(1 << 25)},
    ],
    ids=said,
)
def test_accepts_what_writers_make(guarded, values):
    guarded.append(*row(values))
    assert len(whole(guarded.store)) == 4


@pytest.mark.parametrize(
    ("size", "text"),
    [
        *((4, note(4)), (-1, note(-1)), (2, note(3)), (2, "junk")),
        *((2, note(2) + "x" * 100_000), (2, None)),
    ],
)
def test_refuses_a_junk_checkpoint(guarded, size, text):
    with pytest.raises(REFUSED):
        guarded.keep(size, text)
    guarded.keep(3, note(3))
    assert guarded.store.checkpoints.kept() == [(3, note(3))]


def test_a_ledger_from_before_the_guards_is_whole_and_gets_them_at_the_next_append(raw, sqlite_url):
    raw.executescript(
        "DROP TRIGGER only_events; DROP TRIGGER only_checkpoints; PRAGMA user_version = 1"
    )
    raw.execute("INSERT INTO stored_events VALUES (4, ?, ?, ?, ?)", row({"topic": "x"}))
    with closing(open_store(sqlite_url)) as store:
        assert len(whole(store)) == 4
        store.recorder.insert_events(events("B", 1), after=4)
        assert len(whole(store)) == 5
        assert raw.execute("PRAGMA user_version").fetchone() == (2,)
        with pytest.raises(sqlite3.IntegrityError, match="tally did not write this row"):
            raw.execute("INSERT INTO stored_events VALUES (6, 'C', 1, 'x', x'00')")
        raw.execute("DROP TRIGGER only_events")
        assert store.audit() == ["trigger only_events is missing"]


def test_rows_of_another_ledger_are_taken_as_they_are(store):
    """A copy holds the damaged rows that were set aside; then the guards are there."""
    sound = events("A", 1)[0]
    damaged = type(sound)("A-1", 7, "x", b"\0")
    store.recorder.insert_events([sound, damaged], after=0, as_found=True)
    assert [one.topic for one in whole(store)] == ["tally.Test", "x"]
    with pytest.raises(EventsRejectedError):
        store.recorder.insert_events([type(sound)("A-2", 7, "x", b"\0")], after=2)
