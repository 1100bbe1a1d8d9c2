"""Faults of a server and its connection: one clear message, nothing lost, no password."""

import subprocess
import sys
import threading

import psycopg
import pytest

from ledger.errors import LedgerExistsError, NotALedgerError, StoreError
from ledger.stores import (
    UnknownStoreError,
    busy,
    create_store,
    open_store,
    postgres,
)
from ledger.stores.masking import mask_password
from ledger.stores.postgres_faults import ConnectionLostError, translated
from ledger.stores.postgres_url import location_of
from tests.stores.stored import events, record, unit, whole


@pytest.fixture
def some(postgres_url):
    """A ledger of forty events."""
    store = create_store(postgres_url)
    record(store, *(unit(f"V{i}") for i in range(20)), verify_by="head")
    yield store
    store.close()


@pytest.fixture
def cut(server):
    """End every other connection to the server."""

    def run():
        with server.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND application_name = 'tally'"
            )

    return run


class CutInTheMiddle(list):
    """Events whose connection is cut while they are sent."""

    cut = None

    def __iter__(self):
        for number, event in enumerate(super().__iter__()):
            if number == len(self) // 2:
                self.cut()
            yield event


def test_connection_lost_during_an_import_writes_nothing(some, cut):
    import_ = CutInTheMiddle(events("A", 20_000))
    import_.cut = cut
    with pytest.raises(
        StoreError, match=r"connection to the server was lost.*nothing was written"
    ) as caught:
        some.recorder.insert_events(import_, after=40)
    assert not isinstance(caught.value, ConnectionLostError)
    assert len(whole(some)) == 40
    assert some.recorder.insert_events(list(events("A", 20_000)), after=40)[-1] == 20_040
    assert len(whole(some)) == 20_040


def test_connection_lost_after_the_commit_counts_as_success(some, monkeypatch):
    """The commit was not acknowledged, but the events are found afterwards."""
    append = some.recorder._append

    def unanswered(*arguments, **more):
        append(*arguments, **more)
        raise ConnectionLostError("lost")

    monkeypatch.setattr(some.recorder, "_append", unanswered)
    assert some.recorder.insert_events(events("A", 5), after=40) == [41, 42, 43, 44, 45]
    assert len(whole(some)) == 45


def test_connection_lost_before_another_append_writes_nothing(some, postgres_url, monkeypatch):
    def lost(*_, **__):
        other = open_store(postgres_url)
        other.recorder.insert_events(events("B", 5), after=40)
        other.close()
        raise ConnectionLostError("lost")

    monkeypatch.setattr(some.recorder, "_append", lost)
    with pytest.raises(StoreError, match="nothing was written"):
        some.recorder.insert_events(events("A", 5), after=40)


def test_reconnects_after_a_connection_is_lost(some, cut):
    assert some.recorder.max_notification_id() == 40
    cut()
    assert some.recorder.max_notification_id() == 40
    cut()
    record(some, unit("V99"))
    assert len(whole(some)) == 41


def test_connection_lost_while_reading_is_reported(some, cut):
    some.recorder.insert_events(events("A", 5000), after=40)
    rows = some.raw()
    next(rows)
    cut()
    with pytest.raises(StoreError, match="connection to the server was lost"):
        list(rows)


def test_locked_ledger_is_waited_for_then_reported(some, postgres_url, monkeypatch, caplog):
    monkeypatch.setattr(busy, "WARN_AFTER", 0.3)
    monkeypatch.setattr(busy, "LOCK_TIMEOUT", 1)
    other = open_store(postgres_url)
    with other.recorder._turn():
        with pytest.raises(
            StoreError, match=r"it was busy for over 1 s; try again .* Nothing was written\."
        ):
            record(some, unit("V99"))
        assert len(whole(some)) == 40, "readers are not blocked"
    assert [record.getMessage() for record in caplog.records] == [
        f"tally: {some.url} is busy: another program writes; waiting up to 1 s."
    ]
    turn = other.recorder._turn()
    turn.__enter__()
    threading.Timer(0.6, turn.__exit__, (None, None, None)).start()
    record(some, unit("V99"))
    assert len(whole(some)) == 41
    other.close()


@pytest.fixture
def password_role(server, schema, postgres_url):
    """A role that the server asks for a password, which only a server of our own can do."""
    if server.folder is None:
        pytest.skip("the given server's pg_hba.conf is not ours")
    create_store(postgres_url).close()
    role, rules = f"guarded_{schema}", server.folder / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all {role} scram-sha-256\n{before}")
    with server.connect() as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'right'")
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        connection.execute("SELECT pg_reload_conf()")
    yield role
    rules.write_text(before)
    with server.connect() as connection:
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_wrong_password_is_reported_and_not_repeated(server, schema, password_role):
    for password in ("wr0ng-secret", None):
        with pytest.raises(StoreError, match="check the user and the password") as caught:
            open_store(server.schema(schema, password_role, password))
        assert "wr0ng-secret" not in str(caught.value)


def test_refuses_a_role_without_rights(server, schema, password_role):
    with pytest.raises(StoreError, match=r"this role lacks the right.*GRANT SELECT ON ALL TABLES"):
        open_store(server.schema(schema, password_role, "right"))
    with pytest.raises(StoreError, match="create the ledger as a role that may create"):
        create_store(server.schema(f"{schema}_other", password_role, "right"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u:s3cret@no-such-host.invalid/town", "check the server's name in the URL"),
        ("postgresql://u:s3cret@127.0.0.1:1/town", "check that the server runs"),
        ("postgresql://u@/town?host=/no/such/folder&password=s3cret", "check that the server runs"),
        ("postgresql://u:s3cret@h:port/town", "is not a valid URL; write postgresql://USER@HOST"),
        ("postgresql://u:s3cret@h/town?no_such=1", "is not a valid URL"),
        ("postgresql://u:s3cret@h/town?schema=Gro%C3%9F", "is not a valid schema"),
        ("postgresql://u:s3cret@h/town?schema=pg_town", "is not a valid schema"),
        ("postgresql://u:s3cret@h/town?schema=a;drop", "is not a valid schema"),
        ("postgresql://u:s3cret@h/town?schema=", "is not a valid schema"),
    ],
)
def test_refuses_an_invalid_url(url, words):
    for attempt in (open_store, create_store):
        with pytest.raises(StoreError) as caught:
            attempt(url)
        assert words in str(caught.value)
        assert "s3cret" not in str(caught.value)


def test_refuses_a_missing_database(server, schema):
    url = server.schema(schema, database="no_such_town")
    with pytest.raises(StoreError, match="check the database's name, or create it first"):
        open_store(url)


def test_refuses_a_schema_without_a_ledger(server, schema, postgres_url):
    with pytest.raises(NotALedgerError, match=f"there is no schema {schema}"):
        open_store(postgres_url)
    with server.connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        with pytest.raises(NotALedgerError, match=f"the schema {schema} holds no ledger"):
            open_store(postgres_url)
        connection.execute(f"CREATE TABLE {schema}.stored_events (a int)")
        connection.execute(f"CREATE TABLE {schema}.ledger (a int)")
    with pytest.raises(NotALedgerError, match=f"the schema {schema} holds no ledger"):
        open_store(postgres_url)
    with pytest.raises(NotALedgerError, match=r"holds other tables \(ledger, stored_events\)"):
        create_store(postgres_url)


def test_refuses_to_create_a_ledger_twice(server, schema, postgres_url):
    with server.connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    create_store(postgres_url).close()
    with pytest.raises(LedgerExistsError):
        create_store(postgres_url)


def test_one_of_four_concurrent_creators_wins(postgres_url):
    outcomes = []

    def attempt():
        try:
            create_store(postgres_url).close()
            outcomes.append("made")
        except (LedgerExistsError, StoreError):
            # On a busy server a loser may stop waiting before it sees the winner's ledger.
            outcomes.append("refused")

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused", "refused", "refused"]


def test_ledger_created_meanwhile_is_not_taken_for_foreign_tables(postgres_url, monkeypatch):
    look = postgres.foreign_tables

    def meanwhile(*arguments):
        monkeypatch.setattr(postgres, "foreign_tables", look)
        create_store(postgres_url).close()
        return look(*arguments)

    monkeypatch.setattr(postgres, "foreign_tables", meanwhile)
    with pytest.raises(LedgerExistsError):
        create_store(postgres_url)


@pytest.mark.usefixtures("some")
def test_refuses_a_newer_schema(server, schema, postgres_url):
    with server.connect() as connection:
        connection.execute(f"""SET search_path = {schema};
            ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET schema_version = 3""")
    with pytest.raises(
        StoreError, match=r"newer tally \(schema 3; this one knows 2\); update tally"
    ):
        open_store(postgres_url)


def test_missing_table_is_reported(server, schema, some):
    with server.connect() as connection:
        connection.execute(f"DROP TABLE {schema}.stored_events")
    with pytest.raises(NotALedgerError, match="one of its tables is missing"):
        some.recorder.max_notification_id()
    assert any(one.startswith("table stored_events is missing; ") for one in some.audit())


def test_refuses_to_write_to_a_read_only_server(some, postgres_url):
    place = f"{postgres_url}&options=-c%20default_transaction_read_only%3Don"
    store = open_store(place)
    assert store.recorder.max_notification_id() == 40
    with pytest.raises(StoreError, match="this server is read-only"):
        record(store, unit("V99"))
    store.close()
    assert len(whole(some)) == 40


def test_full_disk_of_the_server_is_reported():
    """The error is made here: the test does not fill the server's disk."""
    message = str(translated("postgresql://h/d", psycopg.errors.DiskFull("could not extend file")))
    assert message == (
        "postgresql://h/d: could not extend file; the server's disk is full; "
        "make room and try again. Nothing was written."
    )


def test_refuses_a_database_in_another_encoding(server, schema):
    name = f"latin_{schema}"
    with server.connect() as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
        )
        try:
            with pytest.raises(
                StoreError, match="the database is in LATIN1; a ledger needs one in"
            ):
                create_store(server.schema(schema, database=name))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_missing_libraries_name_the_extra():
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from ledger.stores import MissingExtraError, open_store\n"
        "try: open_store('postgresql://u:s3cret@h/town')\n"
        "except MissingExtraError as error: print(error)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.startswith("postgresql://u:***@h/town needs PostgreSQL's libraries")
    assert "pip install '.[postgres]'" in out.stdout


def test_refuses_an_unknown_kind_of_store():
    with pytest.raises(UnknownStoreError, match=r"mysql://u:\*\*\*@h/town does not name a store"):
        open_store("mysql://u:s3cret@h/town")


@pytest.mark.parametrize(
    ("url", "visible"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p:q@h:5432/d?schema=t", "postgresql://u:***@h:5432/d?schema=t"),
        ("postgresql://u@h/d?password=p&schema=t", "postgresql://u@h/d?password=***&schema=t"),
        ("postgresql://h/d?x=1&sslpassword=p", "postgresql://h/d?x=1&sslpassword=***"),
        ("sqlite:///a:b@c.db", "sqlite:///a:b@c.db"),
    ],
)
def test_password_is_masked(url, visible):
    assert mask_password(url) == visible


def test_parameters_of_libpq_are_passed_on(monkeypatch):
    monkeypatch.setenv("PGUSER", "somebody")
    place = location_of("postgres://u:p%40ss@h:5433/d?schema=town_2&sslmode=require")
    given = psycopg.conninfo.conninfo_to_dict(place.conninfo)
    assert place.schema == "town_2"
    assert given["password"] == "p@ss"
    assert given["sslmode"] == "require"
    assert (given["user"], given["host"], given["port"]) == ("u", "h", "5433")
    assert location_of("postgresql:///d").schema == "public"


def test_a_server_that_vanished_is_given_up_after_a_minute_unless_the_url_says_otherwise():
    """30 + 3 × 10 s without a sign of it; libpq's own default is the system's, two hours."""
    for url, idle in (("postgresql://h/d", "30"), ("postgresql://h/d?keepalives_idle=7", "7")):
        given = psycopg.conninfo.conninfo_to_dict(location_of(url).conninfo)
        assert (given["keepalives_idle"], given["keepalives_interval"]) == (idle, "10")
        assert (given["keepalives_count"], given["tcp_user_timeout"]) == ("3", "60000")
