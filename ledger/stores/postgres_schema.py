"""The tables of a PostgreSQL ledger, their append-only triggers, and a writer's rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.stores.store import SCHEMA_VERSION

if TYPE_CHECKING:
    from psycopg import Connection

MARKER = "tally"
"""Identifies a schema as a ledger's, in its table `ledger`."""

LOCK_CLASS = 0x7A11
"""First key of a ledger's advisory lock; the second is derived from the schema's name."""

_REFUSE = """
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END"""

# Checked for each statement against what that statement sees: a gap is refused, and so is a row
# that would overtake another transaction's uncommitted one, even if the writer takes no lock.
_FOLLOW = """
DECLARE
    first bigint;
    last bigint;
    count bigint;
    head bigint;
BEGIN
    SELECT min(notification_id), max(notification_id), count(*) INTO first, last, count FROM fresh;
    SELECT coalesce(max(notification_id), 0) INTO head
        FROM {events} WHERE notification_id < first;
    IF first <> head + 1 OR last <> head + count THEN
        RAISE EXCEPTION 'positions follow one another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END"""

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
INSERT INTO {ledger} VALUES ({marker}, {version});
CREATE FUNCTION {refuse}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS {refuse_body};
CREATE FUNCTION {follow}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS {follow_body};
"""

_FOLLOWING = """
CREATE TRIGGER positions_follow AFTER INSERT ON {events}
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {follow}();
ALTER TABLE {events} ENABLE ALWAYS TRIGGER positions_follow;
"""

_REFUSING = """
CREATE TRIGGER append_only BEFORE {statements} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {refuse}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
"""

_REFUSED = {
    "ledger": "INSERT OR UPDATE OR DELETE OR TRUNCATE",
    "stored_events": "UPDATE OR DELETE OR TRUNCATE",
    "checkpoints": "UPDATE OR DELETE OR TRUNCATE",
}
"""By table: the statements that its trigger refuses."""

TABLES = tuple(_REFUSED)


def _identifiers(schema: str) -> dict[str, Composed | Identifier]:
    """Return the qualified names that the statements here fill in."""
    return {
        "schema": Identifier(schema),
        "ledger": Identifier(schema, "ledger"),
        "events": Identifier(schema, "stored_events"),
        "checkpoints": Identifier(schema, "checkpoints"),
        "refuse": Identifier(schema, "append_only"),
        "follow": Identifier(schema, "positions_follow"),
    }


def function_bodies(schema: str) -> dict[str, str]:
    """Return the bodies of the trigger functions by name, as the server stores them."""
    follow = SQL(_FOLLOW).format(events=Identifier(schema, "stored_events")).as_string()
    return {"append_only": _REFUSE, "positions_follow": follow}


def make(connection: Connection[Any], schema: str) -> None:
    """Create tables and triggers in an existing schema, in the caller's transaction."""
    names, bodies = _identifiers(schema), function_bodies(schema)
    connection.execute(
        SQL(_TABLES).format(
            **names,
            marker=Literal(MARKER),
            version=Literal(SCHEMA_VERSION),
            refuse_body=Literal(bodies["append_only"]),
            follow_body=Literal(bodies["positions_follow"]),
        )
    )
    connection.execute(SQL(_FOLLOWING).format(**names))
    for table, statements in _REFUSED.items():
        connection.execute(
            SQL(_REFUSING).format(
                statements=SQL(statements),
                table=Identifier(schema, table),
                refuse=names["refuse"],
            )
        )


def give_rights(connection: Connection[Any], schema: str, role: str) -> None:
    """Grant a role to append and read; revoke every other right to the tables."""
    statement = """
    REVOKE ALL ON {ledger}, {events}, {checkpoints} FROM {role};
    GRANT USAGE ON SCHEMA {schema} TO {role};
    GRANT SELECT ON {ledger} TO {role};
    GRANT SELECT, INSERT ON {events}, {checkpoints} TO {role};
    """
    connection.execute(SQL(statement).format(**_identifiers(schema), role=Identifier(role)))
