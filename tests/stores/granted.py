"""A PostgreSQL ledger of an owner who is no superuser, and roles that were granted it."""

import json
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest

from ledger.instants import instant_text
from ledger.stores import create_store, grant, open_store
from ledger.stores.postgres_url import location_of
from tests.stores.stored import record, unit, whole

VERIFIED, NAMED = "tally.EntryVerified", "tally.UnitRecorded"


@pytest.fixture
def owner(server, schema):
    """The URL of a ledger of two events for its owner, who is no superuser."""
    role, database = f"owner_{schema}", server.connect()
    database.execute(f"CREATE ROLE {role} LOGIN; CREATE SCHEMA {schema} AUTHORIZATION {role}")
    url = server.schema(schema, role)
    store = create_store(url)
    record(store, unit("V1"), verify_by="head")
    store.close()
    yield url
    database.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")
    database.close()


@pytest.fixture
def role_of(server, schema):
    """Make roles that can log in; return the URL of each."""
    made = []

    def make(name):
        role = f"{name}_{schema}"
        with server.connect() as database:
            database.execute(f"CREATE ROLE {role} LOGIN")
        made.append(role)
        return server.schema(schema, role)

    yield make
    with server.connect() as database:
        for role in made:
            database.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def user(url):
    return psycopg.conninfo.conninfo_to_dict(location_of(url).conninfo)["user"]


def rows_of(url):
    """Return all rows; assert that the audit finds nothing."""
    with closing(open_store(url)) as store:
        return whole(store)


def psql(url):
    return psycopg.connect(location_of(url).conninfo, autocommit=True)


@pytest.fixture
def clerk(owner, role_of):
    """The URL of a role that was granted the ledger."""
    url = role_of("clerk")
    grant(owner, user(url))
    return url


def event(at=None, **more):
    at = datetime.now(UTC) if at is None else at
    return json.dumps({"class_version": 1, "at": instant_text(at), "by": "head", **more}).encode()


class Append:
    """Call the function by which a role appends, with one event unless more are given."""

    def __init__(self, url):
        self.connection, self.schema = psql(url), location_of(url).schema

    def close(self):
        self.connection.close()

    def __call__(self, after=2, name="V1", version=3, topic=VERIFIED, state=None):
        row = [name], [version], [topic], [event() if state is None else state]
        return self.rows(after, *row)

    def rows(self, after, ids, versions, topics, states):
        return self.connection.execute(
            f"SELECT {self.schema}.append_events"
            "(%b, %b::text[], %b::bigint[], %b::text[], %b::bytea[])",
            (after, ids, versions, topics, states),
        ).fetchone()[0]


@pytest.fixture
def append(clerk):
    made = Append(clerk)
    yield made
    made.close()
