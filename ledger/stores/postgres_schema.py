"""The tables of a town's schema, the triggers that keep them append-only, and a writer's rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.stores import SCHEMA_VERSION

if TYPE_CHECKING:
    from psycopg import Connection

MARKER = "tally"
"""Marks a schema as a ledger's, in its table `ledger`."""

LOCK_CLASS = 0x7A11
"""The first of the two numbers of a ledger's advisory lock; the second is of its schema."""

TABLES = ("ledger", "stored_events", "checkpoints")

_REFUSE = """
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END"""

# Seen from within one statement, so that neither a gap nor a row that would overtake another
# transaction's unseen one gets in, whoever writes and however.
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
CREATE TRIGGER append_only BEFORE {what} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {refuse}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
"""

_WHAT = {
    "ledger": "INSERT OR UPDATE OR DELETE OR TRUNCATE",
    "stored_events": "UPDATE OR DELETE OR TRUNCATE",
    "checkpoints": "UPDATE OR DELETE OR TRUNCATE",
}


def names(schema: str) -> dict[str, Composed | Identifier]:
    """What statements call the things of a schema."""
    return {
        "schema": Identifier(schema),
        "ledger": Identifier(schema, "ledger"),
        "events": Identifier(schema, "stored_events"),
        "checkpoints": Identifier(schema, "checkpoints"),
        "refuse": Identifier(schema, "append_only"),
        "follow": Identifier(schema, "positions_follow"),
    }


def bodies(schema: str) -> dict[str, str]:
    """The trigger functions' bodies, by name, as the server keeps them."""
    follow = SQL(_FOLLOW).format(events=Identifier(schema, "stored_events")).as_string()
    return {"append_only": _REFUSE, "positions_follow": follow}


def make(connection: Connection[Any], schema: str) -> None:
    """Makes tables and triggers in an existing schema, within the caller's transaction."""
    known, written = names(schema), bodies(schema)
    connection.execute(
        SQL(_TABLES).format(
            **known,
            marker=Literal(MARKER),
            version=Literal(SCHEMA_VERSION),
            refuse_body=Literal(written["append_only"]),
            follow_body=Literal(written["positions_follow"]),
        )
    )
    connection.execute(SQL(_FOLLOWING).format(**known))
    for table, what in _WHAT.items():
        connection.execute(
            SQL(_REFUSING).format(
                what=SQL(what), table=Identifier(schema, table), refuse=known["refuse"]
            )
        )


def give_rights(connection: Connection[Any], schema: str, role: str) -> None:
    """Lets a role append and read, and takes every other right to the tables from it."""
    statement = """
    REVOKE ALL ON {ledger}, {events}, {checkpoints} FROM {role};
    GRANT USAGE ON SCHEMA {schema} TO {role};
    GRANT SELECT ON {ledger} TO {role};
    GRANT SELECT, INSERT ON {events}, {checkpoints} TO {role};
    """
    connection.execute(SQL(statement).format(**names(schema), role=Identifier(role)))
