"""Stored rows cannot be changed, whoever writes; the audit names every other object."""

import sqlite3

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from ledger.errors import LedgerMovedError, StoreError
from ledger.stores import create_store, grant, open_store
from ledger.stores.postgres_url import location_of
from tests.stores.stored import events, note, positions, record, unit, whole

REFUSED = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation, psycopg.errors.UniqueViolation)
GAPS = (*REFUSED, psycopg.errors.CheckViolation)
ROW = "originator_id, originator_version, topic, state) VALUES (?, 'X', 1, 'tally.Test', ?)"


@pytest.fixture
def position(store):
    """The store's column of positions, in a ledger of three events."""
    store.recorder.insert_events(events("A", 3), after=0)
    store.checkpoints.keep(3, note(3))
    return "position" if store.url.startswith("sqlite") else "notification_id"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'other'",
        "UPDATE stored_events SET originator_version = 9 WHERE originator_id = 'A-1'",
        "DELETE FROM stored_events",
        "DELETE FROM stored_events WHERE originator_id = 'A-2'",
        "UPDATE checkpoints SET note = 'other'",
        "DELETE FROM checkpoints",
        "INSERT INTO checkpoints (size, note) VALUES (3, 'other')",
    ],
)
@pytest.mark.usefixtures("position")
def test_refuses_to_change_or_delete_stored_rows(store, outsider, statement):
    before = list(store.raw()), store.checkpoints.kept()
    with pytest.raises(REFUSED):
        outsider(statement)
    assert (list(store.raw()), store.checkpoints.kept()) == before


@pytest.mark.parametrize("number", [-1, 0, 3, 5, 100])
def test_refuses_any_position_but_the_next(store, position, outsider, number):
    with pytest.raises(GAPS):
        outsider(f"INSERT INTO stored_events ({position}, {ROW}", (number, b"{}"))
    assert positions(store) == [1, 2, 3]


def test_accepts_the_next_position(store, position, outsider):
    outsider(f"INSERT INTO stored_events ({position}, {ROW}", (4, b"{}"))
    assert positions(store) == [1, 2, 3, 4]


def test_sqlite_refuses_insert_or_replace(sqlite_url):
    with ledger_and_connection(sqlite_url) as (store, connection):
        store.checkpoints.keep(3, note(3))
        for statement in (
            "INSERT OR REPLACE INTO stored_events VALUES (2, 'A-1', 1, 't', 's')",
            "INSERT OR REPLACE INTO stored_events VALUES (4, 'A-1', 1, 't', 's')",
            "REPLACE INTO stored_events VALUES (3, 'Z', 1, 't', 's')",
            "UPDATE OR REPLACE stored_events SET position = 1 WHERE position = 2",
            "INSERT OR REPLACE INTO checkpoints VALUES (3, 'other')",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)
        assert [row.originator_id for row in whole(store)] == ["A-0", "A-1", "A-2"]
        assert store.checkpoints.kept() == [(3, note(3))]


class ledger_and_connection:  # noqa: N801 - a context
    """A SQLite ledger of three events, and a connection that bypasses the program."""

    def __init__(self, url):
        self.store = create_store(url)
        self.store.recorder.insert_events(events("A", 3), after=0)

    def __enter__(self):
        self.connection = sqlite3.connect(self.store.path, isolation_level=None)
        return self.store, self.connection

    def __exit__(self, *_):
        self.connection.close()
        self.store.close()


@pytest.mark.parametrize("table", ["stored_events", "checkpoints", "ledger"])
def test_postgres_refuses_truncate_and_upsert(postgres_url, schema, server, table):
    store = create_store(postgres_url)
    store.recorder.insert_events(events("A", 3), after=0)
    with server.connect() as connection:
        for before in ("", "SET session_replication_role = replica"):
            if before:
                connection.execute(before)
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(f"TRUNCATE {schema}.{table}")
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute(
                f"INSERT INTO {schema}.stored_events VALUES (1, 'Z', 1, 't', 's') "
                "ON CONFLICT (notification_id) DO UPDATE SET topic = 'other'"
            )
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute(f"INSERT INTO {schema}.ledger VALUES ('other', 1)")
    assert len(whole(store)) == 3
    store.close()


@pytest.fixture
def writer(server, schema, postgres_url):
    """A role that can log in, owns nothing and is granted the ledger."""
    create_store(postgres_url).close()
    role = f"writer_{schema}"
    with server.connect() as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
    grant(postgres_url, role)
    yield role
    with server.connect() as connection:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_granted_role_appends_and_reads(server, schema, writer):
    store = open_store(server.schema(schema, writer, "secret"))
    receipt = record(store, *(unit(f"V{i}") for i in range(50)), verify_by="head")
    assert receipt.position == 100
    assert len(whole(store)) == 100
    with pytest.raises(StoreError, match="`--checkpoints` to whoever signs"):
        store.checkpoints.keep(100, note(100))
    grant(server.schema(schema), writer, checkpoints=True)
    store.checkpoints.keep(100, note(100))
    assert store.checkpoints.kept() == [(100, note(100))]
    store.close()


def test_granted_role_can_do_nothing_else(server, schema, writer):
    here = location_of(server.schema(schema, writer, "secret"))
    with psycopg.connect(here.conninfo, autocommit=True) as connection:
        for statement in (
            "UPDATE {}.stored_events SET topic = 'x'",
            "DELETE FROM {}.stored_events",
            "TRUNCATE {}.stored_events",
            "INSERT INTO {}.stored_events VALUES (1, 'X', 1, 'tally.Test', '{{}}')",
            "COPY {}.stored_events FROM STDIN",
            "SELECT 1 FROM {}.ledger FOR UPDATE",
            "SELECT 1 FROM {}.stored_events FOR SHARE",
            "INSERT INTO {}.checkpoints VALUES (1, 'x')",
            "SELECT {}.keep_checkpoint(0, 'x')",
            "INSERT INTO {}.appends VALUES (1, 1, 'other', now())",
            "UPDATE {}.appends SET role = 'other'",
            "DELETE FROM {}.checkpoints",
            "INSERT INTO {}.ledger VALUES ('x', 1)",
            "DROP TABLE {}.stored_events",
            "ALTER TABLE {}.stored_events DISABLE TRIGGER ALL",
            "DROP TRIGGER append_only ON {}.stored_events",
            (
                "CREATE OR REPLACE FUNCTION {}.append_only() RETURNS trigger LANGUAGE plpgsql "
                "AS 'BEGIN RETURN NEW; END'"
            ),
            "CREATE TABLE {}.other (a int)",
            "LOCK TABLE {}.stored_events IN ACCESS EXCLUSIVE MODE",
        ):
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege),
                connection.transaction(),
            ):
                connection.execute(statement.format(schema))


def test_grant_revokes_all_other_rights(server, schema, writer, postgres_url):
    with server.connect() as connection:
        connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {writer}")
        grant(postgres_url, writer)
        rights = connection.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = %s ORDER BY 1, 2",
            (writer,),
        ).fetchall()
    assert rights == [
        ("appends", "SELECT"),
        ("checkpoints", "SELECT"),
        ("ledger", "SELECT"),
        ("stored_events", "SELECT"),
    ]


def test_refuses_to_grant_to_unknown_roles_owners_and_files(server, postgres_url, sqlite_url):
    with server.connect() as connection:
        owner = connection.info.user
    create_store(postgres_url).close()
    with pytest.raises(StoreError, match="there is no role nobody_here; create it first"):
        grant(postgres_url, "nobody_here")
    with pytest.raises(StoreError, match=f"{owner} owns the ledger or is a superuser"):
        grant(postgres_url, owner)
    create_store(sqlite_url).close()
    with pytest.raises(StoreError, match="is a file and has no roles"):
        grant(sqlite_url, "anybody")


def test_append_fails_unless_the_ledger_ends_at_the_named_position(store):
    assert store.recorder.insert_events(events("A", 3), after=0) == [1, 2, 3]
    with pytest.raises(LedgerMovedError, match=r"was at position 1 when .* is at position 3 now"):
        store.recorder.insert_events(events("B", 1), after=1)
    with pytest.raises(LedgerMovedError):
        store.recorder.insert_events(events("B", 1), after=4)
    with pytest.raises(StoreError, match=r"rejected the events.*Nothing was written\."):
        store.recorder.insert_events(events("A", 1), after=3)
    with pytest.raises(IntegrityError):
        store.recorder.insert_events(events("A", 1))
    assert store.recorder.insert_events(events("B", 2)) == [4, 5]
    assert store.recorder.insert_events([], after=5) == []
    assert len(whole(store)) == 5


def test_checkpoints_are_kept_once_and_returned_by_size(store):
    assert store.checkpoints.kept() == []
    store.recorder.insert_events(events("A", 10), after=0)
    for size in (2, 10, 9):
        store.checkpoints.keep(size, note(size))
    store.checkpoints.keep(9, note(9))
    assert store.checkpoints.kept() == [(size, note(size)) for size in (2, 9, 10)]
    with pytest.raises(StoreError, match="keeps another checkpoint of size 9; it stays"):
        store.checkpoints.keep(9, f"another\n{note(9)}")


def test_raw_reads_one_moment_while_others_append(store):
    store.recorder.insert_events(events("A", 2500), after=0)
    rows = store.raw()
    seen = [next(rows)]
    store.recorder.insert_events(events("B", 10), after=2500)
    seen.extend(rows)
    assert len(seen) == 2500
    assert [row.position for row in store.raw(2499, 2502)] == [2500, 2501, 2502]
    assert [row.position for row in store.raw(2509)] == [2510]
    assert seen[7] == (
        *(8, "A-7", 1, "tally.Test"),
        b'{"at":"2026-01-01T00:00:00.000000Z","n":7}',
    )
    assert isinstance(seen[7].state, bytes)


def test_sqlite_audit_names_each_difference(sqlite_url):
    with ledger_and_connection(sqlite_url) as (store, connection):
        connection.execute("CREATE TABLE other (a)")
        connection.execute("DROP TRIGGER no_update")
        connection.execute("DROP TRIGGER no_delete")
        connection.execute(
            "CREATE TRIGGER no_delete BEFORE DELETE ON stored_events BEGIN SELECT 1; END"
        )
        connection.execute("UPDATE stored_events SET state = 'text' WHERE position = 2")
        connection.execute("UPDATE stored_events SET topic = x'ff41' WHERE position = 3")
        assert store.audit() == [
            "table other does not belong to a ledger",
            "trigger no_delete was changed",
            "trigger no_update is missing",
            "stored_events, position 3: topic is of type blob, not text",
            "stored_events, position 2: state is of type text, not blob",
        ]
        rows = list(store.raw())
        assert rows[1].state == b"text"
        assert rows[2].topic == r"\xffA"
