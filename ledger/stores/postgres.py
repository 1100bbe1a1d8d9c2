"""Keep a ledger in a schema of its own on a PostgreSQL server, for many writers and readers."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING, Any

from psycopg import errors
from psycopg.sql import SQL, Identifier

from ledger.errors import LedgerExistsError, NotALedgerError, StoreError
from ledger.message import Message, Series
from ledger.stores import busy
from ledger.stores.checkpoints import Checkpoints
from ledger.stores.connections import Connections, connect
from ledger.stores.postgres_audit import OLD_GUARDS, audit, foreign_tables, recorded_owner
from ledger.stores.postgres_datastore import LedgerDatastore
from ledger.stores.postgres_faults import busy_fault, translate_faults
from ledger.stores.postgres_functions import KEEP
from ledger.stores.postgres_recorder import LedgerRecorder
from ledger.stores.postgres_rights import give_rights, restore_rights, rights
from ledger.stores.postgres_schema import (
    SCHEMA_VERSION,
    SIGNATURES,
    TABLES,
    make,
    make_guards,
)
from ledger.stores.postgres_url import Location, location_of
from ledger.stores.postgres_version import checked_version, has_schema, version_of
from ledger.stores.store import PAGE, Dialect, Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from psycopg import Connection

_FIRST_TABLES = ("ledger", "stored_events", "checkpoints")
"""The tables of schema version 1."""

IN_ONE_GO = 20_000
"""Events up to which the rows of a reading are fetched at once: one round trip, and some MB.

Of a larger ledger a cursor of the server fetches them by pages."""

_COLUMNS = "position, originator_id, originator_version, topic, state"

_TAKEN = """
SELECT 'ALTER ROUTINE ' || p.oid::regprocedure || ' OWNER TO ' || %s
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = %s
AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = ANY(%s)
AND pg_has_role(p.proowner, 'MEMBER')"""
"""Statements that give the functions of a ledger to its owner, as far as this role may."""

_HOLDER = """
SELECT a.usename::text, l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.datname = current_database() AND n.nspname = %s AND c.relname = ANY(%s) AND l.granted
AND l.pid <> pg_backend_pid()
AND NOT EXISTS (SELECT 1 FROM pg_locks w WHERE w.pid = l.pid AND NOT w.granted)"""
"""Who has a table of a ledger in a transaction, and does not wait for another."""

_CREATED_MEANWHILE = (
    errors.DuplicateSchema,
    errors.DuplicateTable,
    errors.DuplicateFunction,
    errors.UniqueViolation,
)


class PostgresStore(Store):
    """A ledger in a schema of its own on a server."""

    keeps_logins = True

    def __init__(self, place: Location, lent: Connections | None = None) -> None:
        """Use an existing ledger; see `create` and `open`."""
        self.url = place.url
        self._place = place
        self._connections = Connections() if lent is None else lent
        self._is_lent = lent is not None
        self._head: int | None = None
        """The position of the last event when it was asked for last; None after an append."""
        events = Identifier(place.schema, "stored_events").as_string()
        self._last = f"SELECT max(notification_id) FROM {events}".encode()  # noqa: S608
        self._sql = Dialect(
            events=(
                "(SELECT notification_id AS position, originator_id, originator_version, topic, "  # noqa: S608
                f"state FROM {events}) AS stored_events"
            ),
            columns=_COLUMNS,
            raw=_COLUMNS,
            member="{} = ANY(?)",
            contains="position(? in state) > 0",
        )

    @classmethod
    def create(cls, url: str) -> PostgresStore:
        """Create schema, tables and triggers in one transaction; the connecting role owns them."""
        place = location_of(url)
        with translate_faults(place.url), connect(place) as connection, connection.transaction():
            _require_utf8(connection, place)
            # Looked for before the ledger: one that somebody creates meanwhile is not foreign.
            foreign = foreign_tables(connection, place.schema)
            if version_of(connection, place.schema) is not None:
                raise LedgerExistsError(place.url)
            if foreign:
                raise NotALedgerError(
                    place.url,
                    Message(
                        "the schema {schema} holds other tables ({foreign}); name another schema "
                        "with ?schema=",
                        schema=place.schema,
                        foreign=Series(foreign[:5]),
                    ),
                )
            try:
                if not has_schema(connection, place.schema):
                    connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(place.schema)))
                make(connection, place.schema)
            except _CREATED_MEANWHILE:
                raise LedgerExistsError(place.url) from None
            except errors.InsufficientPrivilege as error:
                raise StoreError(
                    Message(
                        "{url}: {why}; create the ledger as a role that may create in the "
                        "database, such as its owner.",
                        url=place.url,
                        why=error.diag.message_primary,
                    )
                ) from error
        return cls(place)

    @classmethod
    def open(cls, url: str, lent: Connections | None = None) -> PostgresStore:
        """Open the schema if it holds a ledger of a known schema version.

        Args:
            url: the ledger.
            lent: what to read by; connections of its own by default.
        """
        place = location_of(url)
        if lent is not None:
            lent.count_ledger(place)
        store = cls(place, lent)
        try:
            with store._reading() as connection:
                checked_version(connection, place)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def recorder(self) -> LedgerRecorder:
        """Return the recorder, which connects when it is first used."""
        self._head = None  # what is appended by it may be much
        return self._recorder

    @cached_property
    def _recorder(self) -> LedgerRecorder:
        return LedgerRecorder(LedgerDatastore(self._place))

    @property
    def checkpoints(self) -> Checkpoints:
        """Return the checkpoints in the schema."""
        table = Identifier(self._place.schema, "checkpoints").as_string()
        keep = Identifier(self._place.schema, KEEP.name).as_string()
        select = f"SELECT size, convert_to(note, 'UTF8') FROM {table} ORDER BY size"  # noqa: S608
        return Checkpoints(
            lambda: self._recorder.datastore,
            f"SELECT {keep}(%s, %s)",
            lambda: self._select(select),
        )

    def grant(self, role: str, *, checkpoints: bool = False) -> None:
        """Let a role append and read; see `Store.grant`. The ledger's owner may call this."""
        with translate_faults(self.url), connect(self._place) as connection:
            if version_of(connection, self._place.schema) == 1:
                raise StoreError(
                    Message(
                        "{url}: an earlier tally made this ledger; its owner runs `tally init "
                        "--upgrade` once, then grants it.",
                        url=self.url,
                    )
                )
            row = connection.execute(
                "SELECT r.rolsuper OR pg_has_role(r.oid, c.relowner, 'MEMBER') FROM pg_roles r, "
                "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE r.rolname = %s AND n.nspname = %s AND c.relname = 'stored_events'",
                (role, self._place.schema),
            ).fetchone()
            if row is None:
                raise StoreError(
                    Message(
                        "{url}: there is no role {role}; create it first (`createuser`).",
                        url=self.url,
                        role=role,
                    )
                )
            if row[0]:
                raise StoreError(
                    Message(
                        "{url}: {role} owns the ledger or is a superuser; name a role that shall "
                        "only append and read.",
                        url=self.url,
                        role=role,
                    )
                )
            with connection.transaction():
                give_rights(connection, self._place.schema, role, checkpoints=checkpoints)

    def upgrade(self) -> None:
        """Make triggers, functions and rights anew as the ledger's owner; see `Store.upgrade`.

        Raises:
            StoreFaultError: a transaction of others held a table for over `busy.LOCK_TIMEOUT`.
        """
        schema = self._place.schema
        with translate_faults(self.url), connect(self._place) as connection:
            version = version_of(connection, schema)
            assert version is not None, "it was opened"
            before = rights(connection, schema)
            try:
                with connection.transaction():
                    connection.execute(f"SET LOCAL lock_timeout = '{busy.LOCK_TIMEOUT}s'")
                    self._take_over(connection, TABLES if version > 1 else _FIRST_TABLES)
                    make_guards(connection, schema)
                    restore_rights(connection, schema, before, version)
            except errors.LockNotAvailable as error:
                holder = connection.execute(_HOLDER, (schema, list(TABLES))).fetchone()
                doing = Message("has a transaction open")
                raise busy_fault(self.url, error, holder, doing) from error
            except errors.InsufficientPrivilege as error:
                raise StoreError(
                    Message(
                        "{url}: {why}; the ledger's owner upgrades it, or a superuser. Nothing was "
                        "changed.",
                        url=self.url,
                        why=error.diag.message_primary,
                    )
                ) from error

    def _take_over(self, connection: Connection[Any], tables: Sequence[str]) -> None:
        """Make tables and functions the owner's again; act as that role in the transaction.

        What a superuser upgrades must not run with a superuser's rights.
        """
        owner = Identifier(_owner(connection, self._place.schema))
        for table in tables:
            connection.execute(
                SQL("ALTER TABLE {} OWNER TO {}").format(
                    Identifier(self._place.schema, table), owner
                )
            )
        for (statement,) in connection.execute(
            _TAKEN, (owner.as_string(), self._place.schema, list(SIGNATURES))
        ).fetchall():
            connection.execute(statement)
        connection.execute(SQL("SET LOCAL ROLE {}").format(owner))

    def sessions(self, positions: Sequence[int]) -> dict[int, str]:
        """Return the roles that appended events; see `Store.sessions`."""
        with self._reading() as connection:
            if version_of(connection, self._place.schema) != SCHEMA_VERSION:
                return {}
            rows = connection.execute(
                SQL(
                    "SELECT p.position, a.role FROM unnest(%s::bigint[]) AS p(position) "
                    "CROSS JOIN LATERAL (SELECT * FROM {} WHERE first <= p.position "
                    "ORDER BY first DESC LIMIT 1) AS a WHERE p.position <= a.last"
                ).format(Identifier(self._place.schema, "appends")),
                (list(positions),),
            )
            return dict(rows.fetchall())

    def position(self) -> int:
        """Return the position of the last event, or 0."""
        with self._reading() as connection:
            row = connection.execute(self._last).fetchone()
        assert row is not None, "an aggregate has a row"
        self._head = row[0] or 0
        return self._head

    def time(self) -> datetime | None:
        """Return the time of the server; see `Store.time`."""
        with self._reading() as connection:
            row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None, "a SELECT without FROM has a row"
        time: datetime = row[0]
        return time.astimezone(UTC)

    def audit(self) -> list[str]:
        """List what differs from the schema of a ledger; see `Store.audit`."""
        with self._reading() as connection:
            if version_of(connection, self._place.schema) == 1:
                return [OLD_GUARDS]
            return audit(connection, self._place.schema)

    @property
    def file_identity(self) -> object:
        """Return None: see `Store.file_identity`."""
        return None

    def close(self) -> None:
        """Close every connection but one that was lent."""
        if not self._is_lent:
            self._connections.close()
        if "_recorder" in vars(self):
            self._recorder.datastore.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection[tuple[Any, ...]]]:
        """Give a connection in auto-commit mode."""
        with translate_faults(self.url), self._connections.lend(self._place) as connection:
            yield connection

    def _select(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Any]:
        statement = query.replace("?", "%s").encode()
        if self._head is not None and self._head <= IN_ONE_GO:
            with self._reading() as connection:
                found = connection.cursor(binary=True).execute(statement, parameters)
            while rows := found.fetchmany(PAGE):
                yield from rows
            return
        # A named cursor is the server's: rows are fetched a page at a time.
        with (
            self._reading() as connection,
            connection.transaction(),
            connection.cursor("rows", binary=True) as cursor,
        ):
            cursor.execute(statement, parameters)
            while rows := cursor.fetchmany(PAGE):
                yield from rows


def _owner(connection: Connection[Any], schema: str) -> str:
    """Return who shall own the ledger: its recorded owner, or the role of this connection.

    The former if that role still exists and this one may act for it; of a ledger of schema version
    1, the owner of its events.
    """
    row = connection.execute(
        "SELECT r.rolname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_roles r ON r.oid = c.relowner WHERE n.nspname = %s AND c.relname = 'ledger' "
        "AND pg_has_role(r.oid, 'MEMBER')",
        (schema,),
    ).fetchone()
    recorded = recorded_owner(connection, schema)
    if recorded is not None:
        row = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')",
            (recorded,),
        ).fetchone()
    return connection.info.user if row is None else str(row[0])


def _require_utf8(connection: Connection[Any], place: Location) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreError(
            Message(
                "{url}: the database is in {encoding}; a ledger needs one in UTF8 "
                "(`createdb --encoding UTF8 --template template0`).",
                url=place.url,
                encoding=encoding,
            )
        )
