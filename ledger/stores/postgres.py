"""The grown-up store: a schema for each town on PostgreSQL, any number of writers and readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from ledger.errors import LedgerExistsError, NotALedgerError, StoreError
from ledger.stores import SCHEMA_VERSION, StoredRow
from ledger.stores.postgres_checkpoints import PostgresCheckpoints
from ledger.stores.postgres_datastore import LedgerDatastore
from ledger.stores.postgres_faults import not_connected, telling_faults
from ledger.stores.postgres_outside import foreign_tables, outside
from ledger.stores.postgres_recorder import LedgerRecorder
from ledger.stores.postgres_schema import MARKER, give_rights, make
from ledger.stores.postgres_url import Place, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

PAGE = 1_000
"""Rows fetched at a time by `raw`."""

_MADE_MEANWHILE = (
    errors.DuplicateSchema,
    errors.DuplicateTable,
    errors.DuplicateFunction,
    errors.UniqueViolation,
)


class PostgresStore:
    """A ledger in a schema of its own on a server."""

    def __init__(self, place: Place) -> None:
        """Opens an existing ledger; see `create` and `open`."""
        self.url = place.url
        self.schema = place.schema
        self._place = place
        self._datastore = LedgerDatastore(place)
        self.recorder = LedgerRecorder(self._datastore)
        self.checkpoints = PostgresCheckpoints(self._datastore)

    @classmethod
    def create(cls, url: str) -> PostgresStore:
        """Makes schema, tables and triggers, all or nothing; the role that does it owns them."""
        place = place_of(url)
        with telling_faults(place.url), _connect(place) as connection, connection.transaction():
            _refuse_encoding(connection, place)
            if _version(connection, place) is not None:
                raise LedgerExistsError(place.url)
            if foreign := foreign_tables(connection, place.schema):
                raise NotALedgerError(
                    place.url,
                    f"the schema {place.schema} holds other tables ({', '.join(foreign[:5])}); "
                    "name another schema with ?schema=",
                )
            try:
                if not _has_schema(connection, place.schema):
                    connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(place.schema)))
                make(connection, place.schema)
            except _MADE_MEANWHILE:
                raise LedgerExistsError(place.url) from None
            except errors.InsufficientPrivilege as error:
                raise StoreError(
                    f"{place.url}: {error.diag.message_primary}; a ledger is made by a role that "
                    "may create in the database, such as its owner."
                ) from error
        return cls(place)

    @classmethod
    def open(cls, url: str) -> PostgresStore:
        """Opens the town's schema, if it is a ledger that this program knows."""
        place = place_of(url)
        with telling_faults(place.url), _connect(place) as connection:
            version = _version(connection, place)
            if version is None:
                missing = not _has_schema(connection, place.schema)
                what = "there is no such schema" if missing else "the schema holds none"
                raise NotALedgerError(place.url, f"{what} ({place.schema})")
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{place.url} was written by a newer tally (schema {version}; this one knows "
                f"{SCHEMA_VERSION}); update tally to read it."
            )
        return cls(place)

    def grant(self, role: str) -> None:
        """Lets a role append and read, and nothing else; for the ledger's owner to call."""
        with telling_faults(self.url), _connect(self._place) as connection:
            row = connection.execute(
                "SELECT r.rolsuper OR pg_has_role(r.oid, c.relowner, 'MEMBER') FROM pg_roles r, "
                "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE r.rolname = %s AND n.nspname = %s AND c.relname = 'stored_events'",
                (role, self.schema),
            ).fetchone()
            if row is None:
                raise StoreError(
                    f"{self.url}: there is no role {role}; make it first (`createuser`)."
                )
            if row[0]:
                raise StoreError(
                    f"{self.url}: {role} owns the ledger or may do anything; "
                    "name a role that shall write and no more."
                )
            with connection.transaction():
                give_rights(connection, self.schema, role)

    def raw(self, after: int = 0, to: int | None = None) -> Iterator[StoredRow]:
        """The rows as stored, all of one moment; see `Store.raw`."""
        query = SQL(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {} "
            "WHERE (%(after)s = 0 OR notification_id > %(after)s) "
            "AND notification_id <= coalesce(%(to)s, 9223372036854775807) "
            "ORDER BY notification_id"
        ).format(Identifier(self.schema, "stored_events"))
        with telling_faults(self.url), _connect(self._place) as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            with connection.transaction(), connection.cursor("raw", binary=True) as cursor:
                cursor.execute(query, {"after": after, "to": to})
                while rows := cursor.fetchmany(PAGE):
                    yield from map(StoredRow._make, rows)

    def rows(
        self, after: int = 0, to: int | None = None
    ) -> Iterator[tuple[int, str, int, str, bytes]]:
        """The rows for a replay; see `Store.rows`."""
        return self.raw(after, to)

    def rows_outside(self) -> list[str]:
        """What is in the schema beside the ledger or missing of it; see `Store.rows_outside`."""
        with telling_faults(self.url), _connect(self._place) as connection:
            return outside(connection, self.schema)

    def close(self) -> None:
        """Closes every connection."""
        self._datastore.close()


def _connect(place: Place) -> Connection[tuple[Any, ...]]:
    """A connection of its own, in auto-commit; what hinders it is told as it is."""
    try:
        return psycopg.connect(place.conninfo, autocommit=True, row_factory=tuple_row)
    except psycopg.OperationalError as error:
        raise not_connected(place.url, error) from error


def _has_schema(connection: Connection[Any], schema: str) -> bool:
    row = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone()
    return row is not None


def _version(connection: Connection[Any], place: Place) -> int | None:
    """The schema version of the ledger there; None, if there is none."""
    found = connection.execute(
        "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname = %s "
        "AND c.relname = 'ledger' AND a.attname = 'schema_version'",
        (place.schema,),
    ).fetchone()
    if found is None:
        return None
    row = connection.execute(
        SQL("SELECT schema_version FROM {} WHERE application = %s").format(
            Identifier(place.schema, "ledger")
        ),
        (MARKER,),
    ).fetchone()
    return None if row is None else int(row[0])


def _refuse_encoding(connection: Connection[Any], place: Place) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreError(
            f"{place.url}: the database is in {encoding}; a ledger needs one in UTF8 "
            "(`createdb --encoding UTF8 --template template0`)."
        )
