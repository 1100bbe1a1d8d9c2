"""Ask a server at once where many ledgers end."""

from __future__ import annotations

from contextlib import closing

import pytest

from ledger.errors import StoreError
from ledger.stores import Connections, create_store, heads, postgres_heads
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


def told(found):
    return {name: one if isinstance(one, int) else str(one) for name, one in found.items()}


@pytest.mark.parametrize("at_once", [1, 2, 50])
def test_heads_are_by_schema_in_their_order(server, schemas, at_once, monkeypatch):
    monkeypatch.setattr(postgres_heads, "AT_ONCE", at_once)
    with Connections() as lent:
        for _ in range(2):
            found = heads(server.url, reversed(schemas), lent=lent)
            assert list(found.items()) == [(schemas[2], 2), (schemas[1], 1), (schemas[0], 0)]
    assert heads(server.schema("other"), schemas[:1]) == {schemas[0]: 0}
    assert heads(server.url, []) == {}


def test_what_is_no_ledger_is_told_by_name_and_fails_no_other(server, schema, schemas):
    with server.connect() as connection:
        connection.execute(f"""SET search_path = {schemas[0]};
            ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET schema_version = 3;
            DROP TABLE {schemas[1]}.stored_events""")
    found = told(heads(server.url, [*schemas, f"{schema}_odd", "missing", "Gro\u00df", 'a"; DROP']))
    assert found.pop(schemas[2]) == 2
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
