"""Which schema version of a ledger a schema holds, if it holds one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import errors
from psycopg.sql import SQL, Identifier

from ledger.errors import NotALedgerError
from ledger.message import Message
from ledger.stores.errors import NewerSchemaError
from ledger.stores.postgres_schema import MARKER, SCHEMA_VERSION

if TYPE_CHECKING:
    from psycopg import Connection

    from ledger.stores.postgres_url import Location

_NO_LEDGER = (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName)


def checked_version(connection: Connection[Any], place: Location) -> int:
    """Return the schema version of the ledger at a place, outside a transaction.

    Raises:
        NotALedgerError: there is no ledger.
        NewerSchemaError: a newer version of the program wrote it.
    """
    try:
        version = _stored(connection, place.schema)
    except _NO_LEDGER:
        version = None
    if version is None:
        why = (
            Message("the schema {schema} holds no ledger", schema=place.schema)
            if has_schema(connection, place.schema)
            else Message("there is no schema {schema}", schema=place.schema)
        )
        raise NotALedgerError(place.url, why)
    if version > SCHEMA_VERSION:
        raise NewerSchemaError(place.url, version, SCHEMA_VERSION)
    return version


def version_of(connection: Connection[Any], schema: str) -> int | None:
    """Return the schema version of the ledger in a schema, or None if there is no ledger.

    No transaction fails by it.
    """
    found = connection.execute(
        "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname = %s "
        "AND c.relname = 'ledger' AND a.attname = 'schema_version'",
        (schema,),
    ).fetchone()
    return None if found is None else _stored(connection, schema)


def _stored(connection: Connection[Any], schema: str) -> int | None:
    ledger = Identifier(schema, "ledger")
    row = connection.execute(
        SQL("SELECT schema_version FROM {} WHERE application = %s").format(ledger), (MARKER,)
    ).fetchone()
    return None if row is None else int(row[0])


def has_schema(connection: Connection[Any], schema: str) -> bool:
    """Return whether there is a schema of a name."""
    row = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone()
    return row is not None
