"""What a role with the documented grants can do to a PostgreSQL ledger by SQL of its own."""

import json
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest
from psycopg import errors

from ledger.errors import StoreError
from ledger.stores import busy, grant, open_store
from ledger.stores.postgres_url import location_of
from tests.stores.granted import VERIFIED, Append, event, psql, rows_of, user
from tests.stores.stored import ledger, note, record, unit, whole
from tests.support import submissions


def test_granted_role_appends_the_next_event(append, owner):
    assert append() == 2
    assert [(row.position, row.originator_version) for row in rows_of(owner)] == [
        *((1, 1), (2, 2), (3, 3)),
    ]


@pytest.mark.parametrize(
    "junk",
    [
        {"name": "junk", "version": 1, "topic": "x", "state": b"\0"},
        {"state": b"{}"},
        {"state": b'\xff{"at":"2026"}'},
        {"state": b'{"at":' * 100_000},
        {"name": "V2", "version": 2},
    ],
    ids=lambda junk: " ".join(f"{name}={str(value)[:16]!r}" for name, value in junk.items()),
)
def test_refuses_a_row_that_no_tally_writes(append, owner, junk):
    """`test_guards.py` has more of them."""
    with pytest.raises((errors.IntegrityError, errors.DataError)):
        append(**junk)
    assert len(rows_of(owner)) == 2


@pytest.mark.parametrize(
    "arrays",
    [
        (["V1", "V1"], [3], [VERIFIED], [event]),
        (["V1"], [3], [VERIFIED], []),
        (["V1"], [3], [VERIFIED], None),
        (["V1"] * 10_001, [*range(3, 10_004)], [VERIFIED] * 10_001, [event] * 10_001),
        (["V1", "V1"], [4, 3], [VERIFIED] * 2, [event] * 2),
    ],
    ids=["lengths", "empty", "null", "many", "order"],
)
def test_refuses_arrays_that_do_not_fit(append, owner, arrays):
    *columns, states = arrays
    made = states and [one() for one in states]
    with pytest.raises(errors.IntegrityError):
        append.rows(2, *columns, made)
    assert len(rows_of(owner)) == 2


def test_appends_nothing_unless_the_ledger_ends_where_the_writer_thinks(append, owner):
    for after in (0, 1, 3):
        assert append(after) == 2
    assert len(rows_of(owner)) == 2


YEARS = timedelta(days=1500)


@pytest.mark.parametrize("ahead", [YEARS, timedelta(minutes=6), -YEARS, timedelta(hours=-25)])
def test_refuses_a_time_far_from_the_servers(append, owner, ahead):
    """An entry dated 2030 would date every later one so: the ledger's time never runs back."""
    with pytest.raises(errors.DatetimeFieldOverflow, match="is refused: the server has 20"):
        append(state=event(datetime.now(UTC) + ahead))
    assert len(rows_of(owner)) == 2


@pytest.mark.parametrize("at", ["2030", "now", "2026-01-01", "infinity", 7, None])
def test_refuses_what_is_no_time(append, at):
    with pytest.raises(errors.IntegrityError):
        append(state=event()[:-1] + b',"at":%s}' % json.dumps(at).encode())


def test_accepts_a_clock_some_minutes_ahead_and_then_no_earlier_time(append):
    ahead = datetime.now(UTC) + timedelta(minutes=4)
    assert append(state=event(ahead)) == 2
    assert append(3, version=4, state=event(ahead)) == 3
    with pytest.raises(errors.DatetimeFieldOverflow):
        append(4, version=5)


def test_follows_an_event_that_is_dated_ahead_with_the_same_time(append, owner):
    """The owner may date an event 2030 (--trust-clock): others then write at that very time."""
    late = datetime.now(UTC) + YEARS
    with closing(Append(owner)) as trusting:
        assert trusting(state=event(late)) == 2
    with pytest.raises(errors.DatetimeFieldOverflow):
        append(3, version=4)
    with pytest.raises(errors.DatetimeFieldOverflow):
        append(3, version=4, state=event(late + timedelta(seconds=1)))
    assert append(3, version=4, state=event(late)) == 3


def test_damaged_last_row_does_not_stop_the_next(append, server, schema):
    with server.connect() as database:
        database.execute(f"INSERT INTO {schema}.stored_events VALUES (3, 'X', 1, 'junk', 'x')")
    assert append(3) == 3


def test_a_wrong_clock_is_told_to_whoever_records(clerk, owner):
    store = open_store(clerk)
    ahead = datetime.now(UTC) + timedelta(hours=2)
    with pytest.raises(
        StoreError, match=r"is refused: the server has .*set the clock of this computer"
    ):
        ledger(store, lambda: ahead).record(submissions([unit("V2")]), "clerk")
    store.close()
    assert len(rows_of(owner)) == 2


@pytest.fixture
def soon(monkeypatch):
    """Writers that wait for one second."""
    monkeypatch.setattr(busy, "WARN_AFTER", 0.3)
    monkeypatch.setattr(busy, "LOCK_TIMEOUT", 1)


@pytest.mark.usefixtures("soon")
def test_open_transaction_of_another_is_an_error_in_bounded_time(append, owner, clerk):
    """The message names who holds the ledger, and how it is ended."""
    append.connection.autocommit = False
    append()
    began, store = time.monotonic(), open_store(owner)
    pid = append.connection.info.backend_pid
    words = rf"busy for over 1 s.*role {user(clerk)} is writing.*pg_terminate_backend\({pid}\)"
    with pytest.raises(StoreError, match=words):
        record(store, unit("V2"))
    assert time.monotonic() - began < 8
    assert len(whole(store)) == 2
    append.connection.rollback()
    record(store, unit("V2"))
    store.close()


def test_psql_waits_no_longer_than_ten_seconds_and_idles_no_longer_than_sixty(append):
    append.connection.autocommit = False
    append()
    shown = [
        append.connection.execute(f"SHOW {name}").fetchone()[0]
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    ]
    assert shown == ["10s", "1min", "1min"]
    append.connection.rollback()
    assert append.connection.execute("SHOW lock_timeout").fetchone()[0] == "0"


@pytest.mark.usefixtures("soon")
def test_locks_of_a_role_without_rights_stop_nobody(owner, role_of, server, schema):
    """Every advisory lock, and every lock that the role may ask for."""
    stranger = psql(role_of("stranger"))
    stranger.autocommit = False
    stranger.execute("SELECT pg_advisory_lock(31249, n) FROM generate_series(-3, 3) AS g(n)")
    for table in ("ledger", "stored_events", "checkpoints", "appends"):
        for lock in ("LOCK TABLE {} IN ACCESS SHARE MODE", "SELECT 1 FROM {} FOR KEY SHARE"):
            with pytest.raises(errors.InsufficientPrivilege), stranger.transaction():
                stranger.execute(lock.format(f"{schema}.{table}"))
    with server.connect() as database:
        # The number by which writers took turns in schema version 1.
        database.execute(
            "SELECT pg_advisory_lock(31249, (%s)::int)", (crc32(schema.encode()) - 2**31,)
        )
        store = open_store(owner)
        record(store, unit("V2"))
        assert len(whole(store)) == 3
    store.close()
    stranger.close()


def test_refuses_a_junk_checkpoint_even_of_a_role_that_may_sign(owner, role_of):
    url = role_of("signer")
    grant(owner, user(url), checkpoints=True)
    with psql(url) as connection:
        for size, text in ((1, "junk"), (3, note(3)), (2, note(1)), (2, None), (None, note(2))):
            with pytest.raises(errors.IntegrityError):
                connection.execute(
                    f"SELECT {location_of(url).schema}.keep_checkpoint(%s::bigint, %s::text)",
                    (size, text),
                )
    with closing(open_store(owner)) as store:
        assert store.checkpoints.kept() == []


def test_granted_role_keeps_no_checkpoint(clerk, owner):
    with psql(clerk) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f"SELECT {location_of(clerk).schema}.keep_checkpoint(2, %s)", (note(2),))
    with closing(open_store(owner)) as store:
        assert store.checkpoints.kept() == []


def test_objects_of_a_role_are_not_taken_for_the_servers_own(append, owner, clerk, server, schema):
    """A role that may create in the schema, and in its own pg_temp, runs nothing as the owner."""
    with server.connect() as database:
        database.execute(f"GRANT CREATE ON SCHEMA {schema} TO {user(clerk)}")
    trap = """CREATE FUNCTION {}.octet_length(text) RETURNS int LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'run as %', current_user; END $$"""
    append.connection.execute(trap.format(schema))
    append.connection.execute(trap.format("pg_temp"))
    append.connection.execute("CREATE TEMP TABLE stored_events (a int); SET search_path = pg_temp")
    assert append() == 2
    with closing(open_store(owner)) as store:
        assert any("right CREATE to schema" in one for one in store.audit())


def test_stranger_may_not_call_the_functions(owner, role_of, schema, server):
    url = role_of("stranger")
    with server.connect() as database:
        database.execute(f"GRANT USAGE ON SCHEMA {schema} TO {user(url)}")
    with closing(Append(url)) as append, pytest.raises(errors.InsufficientPrivilege):
        append()
    assert len(rows_of(owner)) == 2
