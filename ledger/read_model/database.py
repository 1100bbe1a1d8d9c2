"""The read model's file: its tables, and transactions that fail as `ReadModelError`."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.message import Message
from ledger.read_model import ReadModelError
from ledger.read_model.fingerprint import fingerprint
from ledger.stores.sqlite_faults import is_busy
from ledger.stores.sqlite_recorder import LedgerDatastore
from ledger.stores.sqlite_url import file_uri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventsourcing.sqlite import SQLiteCursor

INDEX = "index"
"""The name under which the index keeps its position."""

INDEX_TABLES = ("bears", "town", "kin", "refers", "stands", "alike", "objections", "years")

_TABLES = (
    "CREATE TABLE made_by (fingerprint TEXT NOT NULL)",
    # Up to which position of the ledger the index, or a cached score, goes.
    "CREATE TABLE positions (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
    # Hashes of rows of the ledger, by which the read model of another ledger is recognised.
    "CREATE TABLE anchors (name TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE bears (
    unit TEXT, position INTEGER, PRIMARY KEY (unit, position)) WITHOUT ROWID""",
    "CREATE TABLE town (position INTEGER PRIMARY KEY)",
    """CREATE TABLE kin (
    id TEXT PRIMARY KEY, replaces TEXT NOT NULL, kind TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX kin_replaces ON kin (replaces)",
    """CREATE TABLE refers (
    target TEXT, position INTEGER, PRIMARY KEY (target, position)) WITHOUT ROWID""",
    """CREATE TABLE stands (
    key TEXT, position INTEGER, PRIMARY KEY (key, position)) WITHOUT ROWID""",
    """CREATE TABLE alike (
    key TEXT, position INTEGER, PRIMARY KEY (key, position)) WITHOUT ROWID""",
    """CREATE TABLE objections (
    id TEXT PRIMARY KEY, unit TEXT NOT NULL, entry TEXT) WITHOUT ROWID""",
    "CREATE INDEX objections_unit ON objections (unit)",
    "CREATE INDEX objections_entry ON objections (entry)",
    """CREATE TABLE years (
    year INTEGER, position INTEGER, PRIMARY KEY (year, position)) WITHOUT ROWID""",
    # Cached scores, the oldest first by row id, and their pages, one a unit.
    "CREATE TABLE sheets (name TEXT UNIQUE, town BLOB NOT NULL)",
    """CREATE TABLE pages (
    sheet TEXT, unit TEXT, page BLOB NOT NULL, PRIMARY KEY (sheet, unit)) WITHOUT ROWID""",
)


class ReadModelDatabase:
    """An open read model's file."""

    def __init__(self, path: Path) -> None:
        """Open the file; create it, or replace it if another version of the program made it.

        Raises:
            ReadModelError: the file cannot be used.
            OSError: it cannot be removed.
        """
        self.path = path
        if made_by(path) not in {None, fingerprint()}:
            self.remove(path)
        name = Message("the read model {path}", path=path)
        self._datastore = LedgerDatastore(name, f"{file_uri(path)}?mode=rwc")
        with self.transaction() as cursor:
            if _has_tables(cursor):
                return
        with self.transaction(write=True) as cursor:
            if not _has_tables(cursor):  # another process may have created them meanwhile
                for statement in _TABLES:
                    cursor.execute(statement)
                cursor.execute("INSERT INTO made_by VALUES (?)", (fingerprint(),))

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[SQLiteCursor]:
        """Open a transaction.

        Raises:
            ReadModelError: the file failed.
        """
        try:
            with self._datastore.transaction(commit=write) as cursor:
                yield cursor
        except (StoreError, sqlite3.Error) as error:
            raise ReadModelError(str(error)) from error

    @staticmethod
    def position_of(cursor: SQLiteCursor, name: str) -> int:
        """Return the position that the index or a cached score has reached, or 0."""
        cursor.execute("SELECT position FROM positions WHERE name = ?", (name,))
        row = cursor.fetchone()
        return 0 if row is None else row[0]

    @staticmethod
    def set_position(cursor: SQLiteCursor, name: str, position: int) -> None:
        """Set the position that the index or a cached score has reached; it never goes back.

        Raises:
            ReadModelError: another process has taken it further.
        """
        if ReadModelDatabase.position_of(cursor, name) > position:
            raise ReadModelError(Message("another process has taken {name} further", name=name))
        cursor.execute("INSERT OR REPLACE INTO positions VALUES (?, ?)", (name, position))

    @staticmethod
    def empty(cursor: SQLiteCursor) -> None:
        """Delete everything: it was derived from another ledger."""
        for table in (*INDEX_TABLES, "positions", "anchors", "sheets", "pages"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - constants

    @staticmethod
    def remove(path: Path) -> None:
        """Delete a read model's file; the next reader makes it again."""
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)

    def close(self) -> None:
        """Close every connection."""
        self._datastore.close()


def made_by(path: Path) -> str | None:
    """Return the fingerprint of the code that made a read model, without changing anything.

    None if there is none yet, empty if the file is something else.
    """
    if not path.exists():
        return None
    if not path.is_file():  # SQLite would wait for somebody to write to a pipe
        return ""
    try:
        with closing(sqlite3.connect(f"{file_uri(path)}?mode=ro", uri=True)) as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return None
            rows = connection.execute("SELECT fingerprint FROM made_by").fetchall()
    except sqlite3.OperationalError as error:
        return fingerprint() if is_busy(error) else ""
    except sqlite3.Error:
        return ""
    return str(rows[0][0]) if len(rows) == 1 else ""


def _has_tables(cursor: SQLiteCursor) -> bool:
    cursor.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'made_by'")
    return bool(cursor.fetchone()[0])
