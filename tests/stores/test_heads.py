"""Ask a server at once for the last events of many ledgers."""

from __future__ import annotations

from contextlib import closing

import pytest
from eventsourcing.persistence import StoredEvent

from ledger.errors import StoreError
from ledger.integrity.head import last_event
from ledger.integrity.leaves import NO_EVENT, LastEvent, leaf_hash
from ledger.stores import Connections, create_store, heads, open_store, postgres_heads
from ledger.stores.schema_names import url_in_schema
from tests.stores.stored import events


@pytest.fixture
def schemas(server, schema):
    """The schemas of three ledgers of 0, 1 and 2 events; an odd one holds another table."""
    names = [f"{schema}_{number}" for number in range(3)]
    for number, name in enumerate(names):
        with closing(create_store(server.schema(name))) as store:
            store.recorder.insert_events(events("A", number))
    with server.connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}_odd; CREATE TABLE {schema}_odd.ledger (a int)")
        yield names
        for name in [*names, f"{schema}_odd"]:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def ends(server, schemas):
    """The last event of each ledger, hashed by the program."""
    found = {}
    for name in schemas:
        with closing(open_store(server.schema(name))) as store:
            found[name] = last_event(store)
    assert found[schemas[0]] == NO_EVENT
    assert [found[name].position for name in schemas] == [0, 1, 2]
    return found


def told(found):
    return {name: one if isinstance(one, LastEvent) else str(one) for name, one in found.items()}


@pytest.mark.parametrize("at_once", [1, 2, 50])
def test_heads_are_by_schema_in_their_order(server, schemas, ends, at_once, monkeypatch):
    monkeypatch.setattr(postgres_heads, "AT_ONCE", at_once)
    with Connections() as lent:
        for _ in range(2):
            found = heads(server.url, reversed(schemas), lent=lent)
            assert list(found.items()) == [*reversed(ends.items())]
    assert heads(server.schema("other"), schemas[:1]) == {schemas[0]: NO_EVENT}
    assert heads(server.url, []) == {}


def test_hash_of_the_server_is_that_of_the_leaf(server, schema):
    """Of texts beyond ASCII, of a version of more than 32 bits and of an empty state."""
    with closing(create_store(server.schema(schema))) as store:
        for row in [("V-甲\u00df𠀀", 2**40, "tally.Ä", b""), ("A", -1, "", b"\0\xff" * 70_000)]:
            store.recorder.insert_events([StoredEvent(*row)], as_found=True)
            (stored,) = store.raw_at([store.position()])
            assert stored[1:] == row
            leaf = leaf_hash(stored)
            assert heads(server.url, [schema]) == {schema: (store.position(), leaf)}


def test_what_is_no_ledger_is_told_by_name_and_fails_no_other(server, schema, schemas, ends):
    with server.connect() as connection:
        connection.execute(f"""SET search_path = {schemas[0]};
            ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET schema_version = 3;
            DROP TABLE {schemas[1]}.stored_events""")
    found = told(heads(server.url, [*schemas, f"{schema}_odd", "missing", "Gro\u00df", 'a"; DROP']))
    assert found.pop(schemas[2]) == ends[schemas[2]]
    words = {
        schemas[0]: "newer tally (schema 3; this one knows 2)",
        schemas[1]: "one of its tables is missing",
        f"{schema}_odd": f"the schema {schema}_odd holds no ledger",
        "missing": "there is no schema missing",
        "Gro\u00df": "is not a valid schema",
        'a"; DROP': "is not a valid schema",
    }
    assert found.keys() == words.keys()
    for name, one in words.items():
        assert one in found[name]
        assert url_in_schema(server.url, name).rpartition("=")[2] in found[name]


def test_server_that_is_down_is_told_once(schemas):
    with pytest.raises(StoreError, match="check that the server runs"):
        heads("postgresql://u:s3cret@127.0.0.1:1/town", schemas)
    with pytest.raises(StoreError, match="is not a valid URL; write postgresql:"):
        heads("sqlite:///tally.db", schemas)


def test_role_without_rights_is_told(schemas, role_of):
    found = told(heads(role_of("nobody"), schemas))
    assert found.keys() == set(schemas)
    assert all("this role lacks the right" in one for one in found.values())
