"""The tables of a SQLite ledger, the triggers that keep them append-only, and their audit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.message import Message
from ledger.stores.audit import differences

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x7A11
"""The number that identifies a SQLite file as a ledger (PRAGMA application_id)."""

_APPEND_ONLY = "the ledger is append-only"
_GAP = "positions follow one another"

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


def audit(connection: sqlite3.Connection) -> list[str]:
    """List what is in the file beside the ledger, missing from it or broken in it."""
    found: list[str] = []
    for look in (_objects, _values, _structure):
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
        for statement in SCHEMA:
            model.execute(statement)
        expected, found = (
            {(kind, name): sql for kind, name, sql in database.execute(query)}
            for database in (model, connection)
        )
    yield from (one.sentence() for one in differences(expected, found))


def _values(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield values of another type than their column's, which SQLite itself allows."""
    for table, (key, columns) in _TYPES.items():
        for column, kind in columns.items():
            query = (
                f"SELECT {key}, typeof({column}) FROM {table} "  # noqa: S608 - constants
                f"WHERE typeof({column}) != '{kind}' LIMIT {_LISTED}"
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
