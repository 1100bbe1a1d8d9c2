"""The tables of a SQLite ledger, the triggers that keep them append-only, and their audit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.stores.audit import differences
from ledger.stores.limits import ID_LIMIT, NOTE_LIMIT, STATE_LIMIT, TOPIC_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

APPLICATION_ID = 0x7A11
"""The number that identifies a SQLite file as a ledger (PRAGMA application_id)."""

VERSION = 2
"""The schema that this program writes; 1 lacks the guards, which the next append adds."""

_APPEND_ONLY = "the ledger is append-only"
_GAP = "positions follow one another"
_FOREIGN = "tally did not write this row"

_LISTED = 20
"""Values of one column, or faults of the structure, that are listed at most."""

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}

SCHEMA = [
    """CREATE TABLE stored_events (
    position INTEGER PRIMARY KEY,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    UNIQUE (originator_id, originator_version))""",
    f"""CREATE TRIGGER no_update BEFORE UPDATE ON stored_events
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER no_delete BEFORE DELETE ON stored_events
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
    # INSERT OR REPLACE deletes without firing the delete trigger, so it is refused before.
    f"""CREATE TRIGGER next_position_only BEFORE INSERT ON stored_events
    WHEN NEW.position IS NOT (SELECT IFNULL(MAX(position), 0) + 1 FROM stored_events)
    BEGIN SELECT RAISE(ABORT, '{_GAP}'); END""",  # noqa: S608 - constants
    f"""CREATE TRIGGER no_replace BEFORE INSERT ON stored_events
    WHEN EXISTS (SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id
    AND originator_version = NEW.originator_version)
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",  # noqa: S608 - constants
    "CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL)",
    f"""CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER checkpoints_no_replace BEFORE INSERT ON checkpoints
    WHEN EXISTS (SELECT 1 FROM checkpoints WHERE size = NEW.size)
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",  # noqa: S608 - constants
]

_SOUND_EVENT = f"""typeof(NEW.originator_id) = 'text'
    AND length(NEW.originator_id) BETWEEN 1 AND {ID_LIMIT} AND instr(NEW.originator_id, char(0)) = 0
    AND typeof(NEW.originator_version) = 'integer' AND NEW.originator_version >= 1
    AND (NEW.originator_version = 1 OR EXISTS (SELECT 1 FROM stored_events
        WHERE originator_id = NEW.originator_id
        AND originator_version = NEW.originator_version - 1))
    AND typeof(NEW.topic) = 'text' AND length(NEW.topic) <= {TOPIC_LIMIT}
    AND instr(NEW.topic, char(0)) = 0
    AND NEW.topic GLOB 'tally.[A-Z]*' AND NEW.topic NOT GLOB 'tally.*[^A-Za-z]*'
    AND typeof(NEW.state) = 'blob' AND length(NEW.state) <= {STATE_LIMIT}
    AND substr(NEW.state, 1, 1) = CAST('{{' AS BLOB) AND instr(NEW.state, x'00') = 0
    AND json_valid(CAST(NEW.state AS TEXT))"""  # noqa: S608 - constants

_SOUND_CHECKPOINT = f"""typeof(NEW.note) = 'text' AND length(NEW.note) <= {NOTE_LIMIT}
    AND NEW.size BETWEEN 0 AND (SELECT IFNULL(MAX(position), 0) FROM stored_events)
    AND NEW.note GLOB '*' || char(10) || NEW.size || char(10) || '*'"""  # noqa: S608 - a constant

GUARDS = {
    name: f"""CREATE TRIGGER {name} BEFORE INSERT ON {table}
    WHEN ({sound}) IS NOT 1
    BEGIN SELECT RAISE(ABORT, '{_FOREIGN}'); END"""
    for name, table, sound in (
        ("only_events", "stored_events", _SOUND_EVENT),
        ("only_checkpoints", "checkpoints", _SOUND_CHECKPOINT),
    )
}
"""By name, the triggers that refuse rows that no writer of this program makes.

As far as constraints can say: the shape of id, version, topic and state, and that a version has
the one before it. Whether an event is true, `tally check` says.
"""

_TYPES = {
    "stored_events": (
        "position",
        {
            "originator_id": "text",
            "originator_version": "integer",
            "topic": "text",
            "state": "blob",
        },
    ),
    "checkpoints": ("size", {"note": "text"}),
}
"""By table: its key, and the type of each other column."""


def add_guards(run: Callable[[str], object]) -> None:
    """Add the guards to a ledger, and say so in its version; `run` executes a statement."""
    for statement in GUARDS.values():
        run(statement)
    run(f"PRAGMA user_version = {VERSION}")


def drop_guards(run: Callable[[str], object]) -> None:
    """Take the guards away; `run` executes a statement."""
    for name in GUARDS:
        run(f"DROP TRIGGER IF EXISTS {name}")


def audit(connection: sqlite3.Connection, omitted: Collection[int] = ()) -> list[str]:
    """List what is in the file beside the ledger, missing from it or broken in it.

    Args:
        connection: a connection to the file.
        omitted: positions that were set aside, whose values may be of any type.
    """
    found: list[str] = []
    for look in (_objects, partial(_values, omitted=omitted), _structure):
        try:
            found.extend(look(connection))
        except sqlite3.DatabaseError as error:
            # Some errors of a damaged file have no code.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code and code not in _BROKEN:
                raise
            found.append(Message("SQLite finds: {error}", error=error))
    return found


def _objects(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield tables, views, indexes and triggers that are unknown, missing or changed."""
    # Coerced to text, whatever a damaged file holds.
    query = (
        "SELECT IFNULL(type || '', ''), IFNULL(name || '', ''), sql FROM sqlite_schema "
        "WHERE name NOT LIKE 'sqlite_stat%'"
    )
    with closing(sqlite3.connect(":memory:")) as model:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for statement in (*SCHEMA, *(GUARDS.values() if version >= VERSION else ())):
            model.execute(statement)
        expected, found = (
            {(kind, name): sql for kind, name, sql in database.execute(query)}
            for database in (model, connection)
        )
    yield from (one.sentence() for one in differences(expected, found))


def _values(connection: sqlite3.Connection, omitted: Collection[int]) -> Iterator[str]:
    """Yield values of another type than their column's, which SQLite itself allows."""
    passed = ", ".join(map(str, omitted))
    for table, (key, columns) in _TYPES.items():
        for column, kind in columns.items():
            query = (
                f"SELECT {key}, typeof({column}) FROM {table} "  # noqa: S608 - constants
                f"WHERE typeof({column}) != '{kind}' "
                f"AND ('{table}' = 'checkpoints' OR {key} NOT IN ({passed})) LIMIT {_LISTED}"
            )
            for number, found in connection.execute(query):
                yield Message(
                    "{table}, {key} {number}: {column} is of type {found}, not {kind}",
                    table=table,
                    key=key,
                    number=number,
                    column=column,
                    found=found,
                    kind=kind,
                )


def _structure(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite finds broken in the file's pages, their order and its indexes."""
    for (finding,) in connection.execute(f"PRAGMA integrity_check({_LISTED})"):
        if finding != "ok":
            yield Message("SQLite finds: {error}", error=finding)
