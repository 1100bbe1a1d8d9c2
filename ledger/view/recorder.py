"""The view's file: the library's tracking recorder with the tables of index and pages."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder

from ledger.errors import StoreError
from ledger.saying import Said
from ledger.stores.sqlite_recorder import LedgerDatastore
from ledger.view.fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

INDEX = "index"
"""The name by which the index tracks the ledger."""

WITNESSES = 64
"""Entries that the index names of each assessment year, the earliest recorded ones."""

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
    return Said("the view {path}", path=path)


class ViewRecorder(SQLiteTrackingRecorder):
    """Tables of index and pages; what they show is tracked in the transaction that writes them."""

    def __init__(self, path: Path) -> None:
        """On the file, which is made anew where another version of the program made it."""
        self.path = path
        super().__init__(LedgerDatastore(_name(path), _uri(path)))
        if not _made_here(self.datastore):
            self.datastore.close()
            self.remove(path)
            self.datastore = LedgerDatastore(_name(path), _uri(path))
            self.create_table()

    def construct_create_table_statements(self) -> list[str]:
        """The library's tracking table and the view's own."""
        made = f"INSERT INTO made_by VALUES ('{fingerprint()}')"  # noqa: S608 - hexadecimal
        return [*super().construct_create_table_statements(), *_TABLES, made]

    def create_table(self) -> None:
        """Makes all tables at once; there is never an older one to migrate."""
        with self.datastore.transaction(commit=True) as cursor:
            self._create_table(cursor)

    @classmethod
    def is_ours(cls, path: Path) -> bool:
        """Whether this version of the program made the view at a path; nothing is changed."""
        with closing(LedgerDatastore(_name(path), _uri(path))) as datastore:
            return _made_here(datastore)

    @staticmethod
    def remove(path: Path) -> None:
        """Drops a view: the ledger is not touched, and the next reader makes it again."""
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)

    def close(self) -> None:
        """Closes every connection."""
        self.datastore.close()


def _uri(path: Path) -> str:
    return f"file:{quote(str(path))}?mode=rwc"


def _made_here(datastore: SQLiteDatastore) -> bool:
    with suppress(StoreError), datastore.transaction(commit=False) as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'made_by'")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT fingerprint FROM made_by")
            return [row[0] for row in cursor.fetchall()] == [fingerprint()]
    return False
