"""The view's file: the library's tracking recorder with the tables of index and pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from eventsourcing.sqlite import SQLiteTrackingRecorder

from ledger.errors import StoreError
from ledger.message import Message
from ledger.stores.sqlite_faults import is_busy
from ledger.stores.sqlite_recorder import LedgerDatastore
from ledger.view import ViewError
from ledger.view.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventsourcing.sqlite import SQLiteCursor

INDEX = "index"
"""The name by which the index tracks the ledger."""

INDEX_TABLES = ("bears", "town", "kin", "refers", "stands", "objections", "years")

_TABLES = [
    "CREATE TABLE made_by (fingerprint TEXT NOT NULL)",
    # Of rows of the ledger: a view of another one shows itself.
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
    """CREATE TABLE objections (
    id TEXT PRIMARY KEY, unit TEXT NOT NULL, entry TEXT) WITHOUT ROWID""",
    "CREATE INDEX objections_unit ON objections (unit)",
    "CREATE INDEX objections_entry ON objections (entry)",
    """CREATE TABLE years (
    year INTEGER, position INTEGER, PRIMARY KEY (year, position)) WITHOUT ROWID""",
    # Oldest first by its row id.
    "CREATE TABLE sheets (name TEXT UNIQUE, town BLOB NOT NULL)",
    """CREATE TABLE pages (
    sheet TEXT, unit TEXT, page BLOB NOT NULL, PRIMARY KEY (sheet, unit)) WITHOUT ROWID""",
]


def _name(path: Path) -> str:
    """What messages call a view."""
    return Message("the view {path}", path=path)


class _Datastore(LedgerDatastore):
    """A datastore whose faults are the view's and not the ledger's."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """As the ledger's; see `ViewError`."""
        try:
            with super().transaction(commit=commit) as cursor:
                yield cursor
        except (StoreError, sqlite3.Error) as error:
            raise ViewError(str(error)) from error


class ViewRecorder(SQLiteTrackingRecorder):
    """Tables of index and pages; what they show is tracked in the transaction that writes them."""

    def __init__(self, path: Path) -> None:
        """On the file, which is made anew where another version of the program made it.

        Raises:
            ViewError: the file cannot be used.
            OSError: it cannot be removed.
        """
        self.path = path
        if made_by(path) not in {None, fingerprint()}:
            self.remove(path)
        super().__init__(_Datastore(_name(path), f"{uri_of(path)}?mode=rwc"))
        self.create_table()

    def construct_create_table_statements(self) -> list[str]:
        """The library's tracking table and the view's own."""
        made = f"INSERT INTO made_by VALUES ('{fingerprint()}')"  # noqa: S608 - hexadecimal
        return [*super().construct_create_table_statements(), *_TABLES, made]

    def create_table(self) -> None:
        """Makes all tables at once where there are none; there is never an older one to migrate."""
        with self.datastore.transaction(commit=False) as cursor:
            if _is_made(cursor):
                return
        with self.datastore.transaction(commit=True) as cursor:
            if not _is_made(cursor):  # nobody else has meanwhile
                self._create_table(cursor)

    @staticmethod
    def empty(cursor: SQLiteCursor) -> None:
        """Takes all out of the tables: what they showed was another ledger."""
        for table in (*INDEX_TABLES, "anchors", "sheets", "pages"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
        # The library keeps the version of its own table there.
        cursor.execute("DELETE FROM tracking WHERE application_name NOT LIKE '\\_\\_%' ESCAPE '\\'")

    @staticmethod
    def remove(path: Path) -> None:
        """Drops a view: the ledger is not touched, and the next reader makes it again."""
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)

    def close(self) -> None:
        """Closes every connection."""
        self.datastore.close()


def uri_of(path: Path) -> str:
    """The file as SQLite names it."""
    return f"file:{quote(str(path))}"


def made_by(path: Path) -> str | None:
    """Which code made the view at a path; None where there is none yet, empty for no view at all.

    Nothing is changed.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{uri_of(path)}?mode=ro", uri=True)) as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return None
            rows = connection.execute("SELECT fingerprint FROM made_by").fetchall()
    except sqlite3.OperationalError as error:
        if is_busy(error):
            return fingerprint()
        return ""
    except sqlite3.Error:
        return ""
    return str(rows[0][0]) if len(rows) == 1 else ""


def _is_made(cursor: SQLiteCursor) -> bool:
    cursor.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'made_by'")
    return bool(cursor.fetchone()[0])
