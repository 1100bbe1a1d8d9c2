"""The tables of a PostgreSQL ledger and what guards them: triggers, functions and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.stores.postgres_functions import FUNCTIONS

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMA_VERSION = 2
"""The schema that this program writes; version 1 had no functions to append by.

A ledger of version 1 is read, and written once its owner has upgraded it.
"""

MARKER = "tally"
"""Identifies a schema as a ledger's, in its table `ledger`."""

_TABLES = """
CREATE TABLE {ledger} (
    application text PRIMARY KEY,
    schema_version integer NOT NULL);
CREATE TABLE {events} (
    notification_id bigint PRIMARY KEY CHECK (notification_id > 0),
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    UNIQUE (originator_id, originator_version));
CREATE TABLE {checkpoints} (
    size bigint PRIMARY KEY,
    note text NOT NULL);
INSERT INTO {ledger} VALUES ({marker}, 1);
"""

# `owner` is who made the ledger or upgraded it last, `role` whose session appended the events from
# `first` to `last`, and when by the server's clock.
_VERSION_2 = """
ALTER TABLE {ledger} ADD COLUMN IF NOT EXISTS owner text;
CREATE TABLE IF NOT EXISTS {appends} (
    first bigint PRIMARY KEY,
    last bigint NOT NULL,
    role text NOT NULL,
    at timestamptz NOT NULL);
UPDATE {ledger} SET schema_version = {version}, owner = current_user WHERE application = {marker};
"""

_FOLLOWING = """
CREATE TRIGGER positions_follow AFTER INSERT ON {events}
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {positions_follow}();
ALTER TABLE {events} ENABLE ALWAYS TRIGGER positions_follow;
"""

_REFUSING = """
CREATE TRIGGER append_only BEFORE {statements} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {append_only}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
"""

_REFUSED = {
    "ledger": "INSERT OR UPDATE OR DELETE OR TRUNCATE",
    "stored_events": "UPDATE OR DELETE OR TRUNCATE",
    "checkpoints": "UPDATE OR DELETE OR TRUNCATE",
    "appends": "UPDATE OR DELETE OR TRUNCATE",
}
"""By table: the statements that its trigger refuses."""

TABLES = tuple(_REFUSED)

SIGNATURES = tuple(one.signature for one in FUNCTIONS)
"""A function of another signature is not the ledger's, whatever its name."""

_OBJECTS = """
SELECT 'DROP TRIGGER ' || quote_ident(t.tgname) || ' ON ' || t.tgrelid::regclass
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relname = ANY(%(tables)s)
    AND NOT t.tgisinternal
UNION ALL SELECT 'DROP RULE ' || quote_ident(r.rulename) || ' ON ' || c.oid::regclass
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relname = ANY(%(tables)s)
UNION ALL SELECT 'DROP POLICY ' || quote_ident(p.polname) || ' ON ' || c.oid::regclass
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relname = ANY(%(tables)s)
UNION ALL SELECT 'ALTER TABLE ' || c.oid::regclass || ' NO FORCE ROW LEVEL SECURITY, '
    || 'DISABLE ROW LEVEL SECURITY'
FROM pg_class c WHERE c.relnamespace = %(schema)s::regnamespace AND c.relname = ANY(%(tables)s)
    AND (c.relrowsecurity OR c.relforcerowsecurity)
UNION ALL SELECT 'ALTER TABLE ' || c.oid::regclass || ' SET LOGGED'
FROM pg_class c WHERE c.relnamespace = %(schema)s::regnamespace AND c.relname = ANY(%(tables)s)
    AND c.relpersistence <> 'p'
UNION ALL SELECT 'DROP ROUTINE ' || p.oid::regprocedure
FROM pg_proc p WHERE p.pronamespace = %(schema)s::regnamespace
    AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = ANY(%(functions)s)"""
"""Statements that take away what guards the tables, or hinders that, in the order to run them."""


def names_of(schema: str) -> dict[str, Composed | Identifier]:
    """Return the qualified names that statements and bodies fill in."""
    return {
        "schema": Identifier(schema),
        "ledger": Identifier(schema, "ledger"),
        "events": Identifier(schema, "stored_events"),
        "checkpoints": Identifier(schema, "checkpoints"),
        "appends": Identifier(schema, "appends"),
        **{one.name: Identifier(schema, one.name) for one in FUNCTIONS},
    }


def make(connection: Connection[Any], schema: str) -> None:
    """Create tables, triggers and functions in an existing schema, in the caller's transaction."""
    names = names_of(schema)
    connection.execute(SQL(_TABLES).format(**names, marker=Literal(MARKER)))
    make_guards(connection, schema)


def make_guards(connection: Connection[Any], schema: str) -> None:
    """Make anew what guards the tables of a ledger of any version, in the caller's transaction.

    The role of the connection must own the tables; functions and triggers are its own then.
    """
    names = names_of(schema)
    given = {
        "schema": Identifier(schema).as_string(),
        "tables": list(TABLES),
        "functions": list(SIGNATURES),
    }
    for (statement,) in connection.execute(_OBJECTS, given).fetchall():
        connection.execute(statement)
    connection.execute(
        SQL(_VERSION_2).format(**names, marker=Literal(MARKER), version=Literal(SCHEMA_VERSION))
    )
    for function in FUNCTIONS:
        connection.execute(function.statement(names))
    connection.execute(SQL(_FOLLOWING).format(**names))
    for table, statements in _REFUSED.items():
        connection.execute(
            SQL(_REFUSING).format(
                **names, statements=SQL(statements), table=Identifier(schema, table)
            )
        )
