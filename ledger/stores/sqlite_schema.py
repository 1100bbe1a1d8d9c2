"""The tables of a SQLite ledger and the triggers that keep them append-only."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x7A11
"""Marks a SQLite file as a ledger (PRAGMA application_id)."""

_APPEND_ONLY = "the ledger is append-only"
_GAP = "positions follow one another"
_LISTED = 20
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
    # INSERT OR REPLACE deletes without the delete trigger: it has to be met before it inserts.
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


def outside(connection: sqlite3.Connection) -> list[str]:
    """What is in the file beside the ledger, missing of it or broken in it."""
    found: list[str] = []
    for look in (_objects, _values, _integrity):
        try:
            found.extend(look(connection))
        except sqlite3.DatabaseError as error:
            # Some errors of a damaged file bear no code at all.
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code and code not in _BROKEN:
                raise
            found.append(Said("SQLite finds: {error}", error=error))
    return found


def _objects(connection: sqlite3.Connection) -> Iterator[str]:
    """Tables, views, indexes and triggers that are unknown, missing or changed."""
    query = "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"
    model = sqlite3.connect(":memory:")
    for statement in SCHEMA:
        model.execute(statement)
    expected, found = dict(model.execute(query)), dict(connection.execute(query))
    model.close()
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            yield Said("{name} is missing", name=name)
        elif name not in expected:
            yield Said("{name} does not belong to a ledger", name=name)
        elif expected[name] != found[name]:
            yield Said("{name} was changed", name=name)


def _values(connection: sqlite3.Connection) -> Iterator[str]:
    """Values that are not of their column's type, which SQLite itself allows."""
    for table, (key, columns) in _TYPES.items():
        for column, kind in columns.items():
            query = (
                f"SELECT {key}, typeof({column}) FROM {table} "  # noqa: S608 - constants
                f"WHERE typeof({column}) != '{kind}' LIMIT {_LISTED}"
            )
            for place, found in connection.execute(query):
                yield Said(
                    "{table}, {key} {place}: {column} is of type {found}, not {kind}",
                    table=table,
                    key=key,
                    place=place,
                    column=column,
                    found=found,
                    kind=kind,
                )


def _integrity(connection: sqlite3.Connection) -> Iterator[str]:
    """What SQLite finds broken in its own structure: pages, order, indexes."""
    for (words,) in connection.execute(f"PRAGMA integrity_check({_LISTED})"):
        if words != "ok":
            yield Said("SQLite finds: {words}", words=words)
