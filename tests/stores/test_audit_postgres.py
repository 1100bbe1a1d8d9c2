"""`check` names what differs in a PostgreSQL ledger's guards; the owner's upgrade mends it."""

import re
import tomllib
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from ledger.errors import StoreError
from ledger.stores import busy, create_store, grant, open_store, upgrade
from ledger.stores.postgres_url import location_of
from tests.cli.running import Tally
from tests.stores.granted import psql, rows_of, user
from tests.stores.stored import events, note, record, unit, whole

REMOVE = "remove it (DROP) if it is not yours"
ADVICE = {
    "ANEW": "the ledger's owner makes it anew by `tally init --upgrade`",
    "REMOVE": REMOVE,
    "MOVE": "move the ledger to a new one by `tally copy`",
}
CASES = tomllib.loads(Path(__file__).with_name("postgres_guards.toml").read_text())


@pytest.fixture
def role(server, schema):
    name = f"other_{schema}"
    with server.connect() as database:
        database.execute(f"CREATE ROLE {name} LOGIN")
    yield name
    with server.connect() as database:
        database.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        database.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


class Case:
    """A ledger of three events whose guards a superuser changed."""

    def __init__(self, server, schema, role, url):
        self.server, self.schema, self.role, self.url = server, schema, role, url
        with closing(create_store(url)) as store:
            store.recorder.insert_events(events("A", 3), after=0)
            grant(url, role)
            assert store.audit() == []

    def filled(self, text):
        named = {"TOWN": self.schema, "CLERK": self.role, **ADVICE}
        return re.sub("|".join(named), lambda word: named[word[0]], text)

    def change(self, statement):
        with self.server.connect(options=f"-c search_path={self.schema}") as database:
            database.execute(self.filled(statement))

    def audit(self):
        with closing(open_store(self.url)) as store:
            return store.audit()


@pytest.fixture
def case(server, schema, role, postgres_url):
    return Case(server, schema, role, postgres_url)


@pytest.mark.parametrize("one", CASES["mended"] + CASES["left"], ids=lambda one: one["sql"][:70])
def test_names_the_difference_and_what_to_do(case, one):
    case.change(one["sql"])
    assert sorted(case.audit()) == sorted(map(case.filled, one["findings"]))


@pytest.mark.parametrize("one", CASES["mended"], ids=lambda one: one["sql"][:70])
def test_upgrade_makes_the_guards_as_they_were(case, one):
    case.change(one["sql"])
    upgrade(case.url)
    assert case.audit() == []
    with closing(open_store(case.url)) as store:
        store.recorder.insert_events(events("B", 3), after=3)
        assert len(whole(store)) == 6
    with case.server.connect() as database:
        held = database.execute(
            "SELECT has_function_privilege(%s, %s, 'EXECUTE'), has_table_privilege(%s, %s, "
            "'SELECT'), has_table_privilege(%s, %s, 'INSERT, UPDATE, DELETE, TRUNCATE')",
            (
                *(case.role, f"{case.schema}.append_events(int8, text[], int8[], text[], bytea[])"),
                *(case.role, f"{case.schema}.stored_events") * 2,
            ),
        ).fetchone()
    assert held == (True, True, False)


def test_check_reports_each_difference_as_a_finding(case, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    case.change("ALTER TABLE stored_events SET UNLOGGED; GRANT UPDATE ON ledger TO public")
    run = Tally(tmp_path)("check", "--ledger", case.url)
    assert run.status == 1
    assert "store: table stored_events was changed: persistence UNLOGGED; the ledger" in run.out
    assert "store: PUBLIC has the right UPDATE to table ledger, which `tally init` does" in run.out


def test_names_a_granted_role_that_may_act_for_the_owner(owner, clerk, server):
    with server.connect() as database:
        database.execute(f"GRANT {user(owner)} TO {user(clerk)}")
    with closing(open_store(owner)) as store:
        (finding,) = store.audit()
    assert finding == (
        f"{user(clerk)}, who was granted the ledger, is a member of its owner and may do whatever "
        "the owner may; take it back by REVOKE"
    )


SCHEMA_1 = Path(__file__).with_name("schema_1.sql")


@pytest.fixture
def old(server, schema, role, postgres_url):
    """The URL of a ledger of schema version 1, with two events, a checkpoint and a granted role."""
    made = SCHEMA_1.read_text().replace("{schema}", schema).replace("{role}", role)
    state = b'{"class_version":1,"at":"2026-01-01T00:00:00.000000Z","by":"clerk","entry":%b}'
    entry = b'{"kind":"unit","id":"V1","name":"village","type":"village"}'
    with server.connect() as database:
        database.execute(f"CREATE SCHEMA {schema}; {made}")
        insert = f"INSERT INTO {schema}.stored_events VALUES (%s, %s, %s, %s, %b)"
        database.execute(insert, (1, "V1", 1, "tally.UnitRecorded", state % entry))
        done = b'{"class_version":1,"at":"2026-01-01T00:00:00.000000Z","by":"head"}'
        database.execute(insert, (2, "V1", 2, "tally.EntryVerified", done))
        database.execute(f"INSERT INTO {schema}.checkpoints VALUES (2, %s)", (note(2),))
    return postgres_url


def test_ledger_of_the_first_schema_is_read_and_its_guards_are_a_finding(old):
    with closing(open_store(old)) as store:
        assert [row.originator_id for row in store.raw()] == ["V1", "V1"]
        assert store.checkpoints.kept() == [(2, note(2))]
        assert store.sessions([1, 2]) == {}
        (finding,) = store.audit()
    assert "its owner runs `tally init --upgrade`" in finding


def test_ledger_of_the_first_schema_is_written_once_it_is_upgraded(old, server, schema, role):
    with closing(open_store(old)) as store:
        before = list(store.raw())
        with pytest.raises(StoreError, match="its owner runs `tally init --upgrade` once"):
            record(store, unit("V2"))
    with closing(open_store(server.schema(schema, role))) as store:
        with pytest.raises(StoreError, match="its owner runs `tally init --upgrade` once"):
            record(store, unit("V2"))
        with pytest.raises(StoreError, match="the ledger's owner upgrades it, or a superuser"):
            store.upgrade()
    for _ in range(2):
        upgrade(old)
        with closing(open_store(old)) as store:
            assert whole(store)[:2] == before
            assert store.checkpoints.kept() == [(2, note(2))]
    with closing(open_store(server.schema(schema, role))) as store:
        record(store, unit("V2"))
        assert store.sessions([1, 2, 3]) == {3: role}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            direct_insert(store.url, schema)


def test_ledger_of_the_first_schema_is_granted_once_it_is_upgraded(old, role):
    with pytest.raises(
        StoreError, match=r"its owner runs `tally init --upgrade` once, then grants"
    ):
        grant(old, role)
    upgrade(old)
    grant(old, role)


def direct_insert(url, schema):
    with psycopg.connect(location_of(url).conninfo) as connection:
        connection.execute(f"INSERT INTO {schema}.stored_events VALUES (4, 'V', 1, 't', '')")


def test_upgrade_by_a_superuser_leaves_the_functions_to_the_owner(old, server, schema, role):
    with server.connect(options=f"-c search_path={schema}") as database:
        for table in ("ledger", "stored_events", "checkpoints"):
            database.execute(f"ALTER TABLE {table} OWNER TO {role}")
        database.execute(f"ALTER SCHEMA {schema} OWNER TO {role}")
        upgrade(old)
        owners = database.execute(
            "SELECT DISTINCT pg_get_userbyid(proowner)::text FROM pg_proc "
            "WHERE pronamespace = %s::regnamespace",
            (schema,),
        ).fetchall()
    assert owners == [(role,)]
    with closing(open_store(old)) as store:
        assert store.audit() == []


OWN_NAME = "CREATE FUNCTION append_only(text) RETURNS text LANGUAGE sql AS 'SELECT 1::text'"


def test_upgrade_leaves_a_function_of_another_signature_alone(owner, clerk, server, schema):
    """Of another owner, so that the ledger's owner could not drop it."""
    with server.connect(options=f"-c search_path={schema}") as database:
        database.execute(f"{OWN_NAME}; ALTER FUNCTION append_only(text) OWNER TO {user(clerk)}")
    for url in (owner, server.schema(schema)):
        upgrade(url)
        with closing(open_store(url)) as store:
            (finding,) = store.audit()
        assert finding == f"function append_only(text) does not belong to a ledger; {REMOVE}"


def test_a_superuser_gives_the_ledgers_functions_back_to_its_owner(owner, clerk, server, schema):
    with server.connect(options=f"-c search_path={schema}") as database:
        database.execute(f"ALTER SCHEMA {schema} OWNER TO CURRENT_USER")
        database.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {user(owner)}")
        database.execute(f"ALTER FUNCTION positions_follow() OWNER TO {user(clerk)}")
    with pytest.raises(StoreError, match="the ledger's owner upgrades it, or a superuser"):
        upgrade(owner)
    upgrade(server.schema(schema))
    with closing(open_store(owner)) as store:
        assert not [one for one in store.audit() if "positions_follow" in one]


def test_upgrade_names_who_has_the_ledger_open(owner, clerk, monkeypatch):
    monkeypatch.setattr(busy, "LOCK_TIMEOUT", 1)
    with psql(clerk) as reader, reader.transaction():
        reader.execute(f"SELECT count(*) FROM {location_of(clerk).schema}.stored_events")
        pid = reader.info.backend_pid
        words = rf"busy for over 1 s.*role {user(clerk)} has a transaction open.*\({pid}\)"
        with pytest.raises(StoreError, match=words):
            upgrade(owner)
    upgrade(owner)
    assert len(rows_of(owner)) == 2


def test_sqlite_has_nothing_to_upgrade(sqlite_url):
    create_store(sqlite_url).close()
    with pytest.raises(StoreError, match="is a file: there is nothing to upgrade"):
        upgrade(sqlite_url)
