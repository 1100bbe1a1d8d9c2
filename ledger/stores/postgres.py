"""The grown-up store: a schema for each town on PostgreSQL, any number of writers and readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed, Identifier

from ledger.errors import LedgerExistsError, NotALedgerError, StoreError
from ledger.saying import Said, Series
from ledger.stores import SCHEMA_VERSION, StoredRow
from ledger.stores.postgres_checkpoints import PostgresCheckpoints
from ledger.stores.postgres_datastore import LedgerDatastore
from ledger.stores.postgres_faults import not_connected, telling_faults
from ledger.stores.postgres_outside import foreign_tables, outside
from ledger.stores.postgres_recorder import LedgerRecorder
from ledger.stores.postgres_schema import MARKER, give_rights, make
from ledger.stores.postgres_url import Place, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from psycopg import Connection

    from ledger.stores import Row, Wanted

PAGE = 1_000
"""Rows fetched at a time."""

_LAST = 2**63 - 1

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
            # Looked for first: a ledger that somebody makes meanwhile is no foreign table.
            foreign = foreign_tables(connection, place.schema)
            if _version(connection, place) is not None:
                raise LedgerExistsError(place.url)
            if foreign:
                raise NotALedgerError(
                    place.url,
                    Said(
                        "the schema {schema} holds other tables ({foreign}); name another schema "
                        "with ?schema=",
                        schema=place.schema,
                        foreign=Series(foreign[:5]),
                    ),
                )
            try:
                if not _has_schema(connection, place.schema):
                    connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(place.schema)))
                make(connection, place.schema)
            except _MADE_MEANWHILE:
                raise LedgerExistsError(place.url) from None
            except errors.InsufficientPrivilege as error:
                raise StoreError(
                    Said(
                        "{url}: {why}; a ledger is made by a role that may create in "
                        "the database, such as its owner.",
                        url=place.url,
                        why=error.diag.message_primary,
                    )
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
                what = (
                    Said("there is no such schema ({schema})", schema=place.schema)
                    if missing
                    else Said("the schema holds none ({schema})", schema=place.schema)
                )
                raise NotALedgerError(place.url, what)
        if version > SCHEMA_VERSION:
            raise StoreError(
                Said(
                    "{url} was written by a newer tally (schema {version}; this one knows "
                    "{known}); update tally to read it.",
                    url=place.url,
                    version=version,
                    known=SCHEMA_VERSION,
                )
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
                    Said(
                        "{url}: there is no role {role}; make it first (`createuser`).",
                        url=self.url,
                        role=role,
                    )
                )
            if row[0]:
                raise StoreError(
                    Said(
                        "{url}: {role} owns the ledger or may do anything; name a role that shall "
                        "write and no more.",
                        url=self.url,
                        role=role,
                    )
                )
            with connection.transaction():
                give_rights(connection, self.schema, role)

    def position(self) -> int:
        """The last position; see `Store.position`."""
        return self.recorder.max_notification_id() or 0

    def raw(self, after: int = 0, to: int | None = None) -> Iterator[StoredRow]:
        """The rows as stored, all of one moment; see `Store.raw`."""
        behind = SQL("notification_id > {} AND ").format(after) if after else SQL("")
        condition = SQL("{}notification_id <= {}").format(behind, _upto(to))
        yield from map(StoredRow._make, self._asked(condition))

    def rows(self, after: int = 0, to: int | None = None) -> Iterator[Row]:
        """The rows for a replay; see `Store.rows`."""
        condition = SQL("notification_id > {} AND notification_id <= {}")
        yield from self._asked(condition.format(after, _upto(to)))

    def rows_wanted(self, wanted: Sequence[Wanted], to: int) -> Iterator[Row]:
        """The rows that one of the wishes names; see `Store.rows_wanted`."""
        condition = SQL("notification_id <= {} AND ({})")
        yield from self._asked(condition.format(to, _condition(wanted)))

    def rows_of(self, ids: Collection[str], to: int | None = None) -> Iterator[Row]:
        """All that happened to some entries; see `Store.rows_of`."""
        condition = SQL("originator_id = ANY({}) AND notification_id <= {}")
        yield from self._asked(condition.format(list(ids), _upto(to)))

    def ids_at(self, positions: Sequence[int]) -> list[str]:
        """The originator ids at some positions; see `Store.ids_at`."""
        return [row[1] for row in self._asked(SQL("notification_id = ANY({})").format(positions))]

    def lone(self, to: int | None = None) -> set[str]:
        """Ids with one event; see `Store.lone`."""
        query = SQL(
            "SELECT originator_id FROM {} WHERE notification_id <= %s "
            "GROUP BY originator_id HAVING max(originator_version) = 1"
        ).format(Identifier(self.schema, "stored_events"))
        with telling_faults(self.url), _connect(self._place) as connection:
            return {name for (name,) in connection.execute(query, (_upto(to),)).fetchall()}

    def _asked(self, condition: Composed) -> Iterator[Any]:
        """The rows that a condition names, by position and of one moment."""
        query = SQL(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {} "
            "WHERE {} ORDER BY notification_id"
        ).format(Identifier(self.schema, "stored_events"), condition)
        with telling_faults(self.url), _connect(self._place) as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            with connection.transaction(), connection.cursor("rows", binary=True) as cursor:
                cursor.execute(query)
                while rows := cursor.fetchmany(PAGE):
                    yield from rows

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


def _condition(wanted: Sequence[Wanted]) -> Composed:
    """What makes a row one of those that are wished for."""
    wishes = []
    for topics, texts in wanted:
        wish = SQL("topic = ANY({})").format(list(topics))
        if texts:
            stands = [SQL("position({} in state) > 0").format(text) for text in texts]
            wish = SQL("{} AND ({})").format(wish, SQL(" OR ").join(stands))
        wishes.append(SQL("({})").format(wish))
    return SQL(" OR ").join(wishes)


def _upto(to: int | None) -> int:
    return _LAST if to is None else to


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
            Said(
                "{url}: the database is in {encoding}; a ledger needs one in UTF8 "
                "(`createdb --encoding UTF8 --template template0`).",
                url=place.url,
                encoding=encoding,
            )
        )
