"""The read model's file: its tables, and transactions that fail as `ReadModelError`."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.message import Message
from ledger.read_model import ReadModelError
from ledger.sidecar_paths import is_there
from ledger.stores.sqlite_faults import is_busy
from ledger.stores.sqlite_recorder import LedgerDatastore
from ledger.stores.sqlite_url import file_uri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventsourcing.sqlite import SQLiteCursor

    from ledger.read_model.sealing import Seal

BUSY = "busy"
"""Value of `made_by` while another process creates the file."""

_TABLES = (
    "CREATE TABLE made_by (fingerprint TEXT NOT NULL)",
    # The index, see `ledger/read_model/index.py`.
    "CREATE TABLE segments (last INTEGER PRIMARY KEY, header BLOB NOT NULL, mac BLOB NOT NULL)",
    "CREATE TABLE blocks (id INTEGER PRIMARY KEY, content BLOB NOT NULL)",
    # Cached scores, the oldest first by row id, and their pages, one a unit.
    """CREATE TABLE sheets (
    name TEXT UNIQUE, position INTEGER NOT NULL, town BLOB NOT NULL, mac BLOB NOT NULL)""",
    """CREATE TABLE pages (
    sheet TEXT, unit TEXT, page BLOB NOT NULL, PRIMARY KEY (sheet, unit)) WITHOUT ROWID""",
)


class ReadModelDatabase:
    """An open read model's file."""

    def __init__(self, path: Path, seal: Seal) -> None:
        """Open the file; create it, or replace it if another version of the program made it.

        One that was made under another key is replaced as well.

        Raises:
            ReadModelError: the file cannot be used.
            OSError: it cannot be removed.
        """
        self.path, self.seal = path, seal
        if made_by(path) not in {None, seal.made_by, BUSY}:
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
                cursor.execute("INSERT INTO made_by VALUES (?)", (seal.made_by,))

    @contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[SQLiteCursor]:
        """Open a transaction.

        Raises:
            ReadModelError: the file failed.
        """
        try:
            with self._datastore.transaction(commit=write) as cursor:
                yield cursor
        except ReadModelError:
            raise
        except (StoreError, sqlite3.Error) as error:
            raise ReadModelError(str(error)) from error

    @staticmethod
    def empty(cursor: SQLiteCursor) -> None:
        """Delete everything: it was derived from another ledger."""
        for table in ("segments", "blocks", "sheets", "pages"):
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
    """Return the code (`Seal.made_by`) of what made a read model, without changing anything.

    None if there is none yet, `BUSY` if that cannot be told now, empty if it is something else.
    """
    if not is_there(path):
        return None
    if not path.is_file():  # SQLite would wait for somebody to write to a pipe
        return ""
    try:
        with closing(sqlite3.connect(f"{file_uri(path)}?mode=ro", uri=True)) as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return None
            rows = connection.execute("SELECT fingerprint FROM made_by").fetchall()
    except sqlite3.OperationalError as error:
        return BUSY if is_busy(error) else ""
    except sqlite3.Error:
        return ""
    return str(rows[0][0]) if len(rows) == 1 else ""


def _has_tables(cursor: SQLiteCursor) -> bool:
    cursor.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'made_by'")
    return bool(cursor.fetchone()[0])
