"""The embedded store: one SQLite file, append-only by its own triggers."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from eventsourcing.persistence import IntegrityError, Notification, PersistenceError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from ledger.errors import LedgerExistsError, LedgerMovedError, NotALedgerError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

APPLICATION_ID = 0x7A11
"""Marks a SQLite file as a ledger (PRAGMA application_id)."""

SCHEMA_VERSION = 1
"""PRAGMA user_version: what this program writes; a newer one is refused."""

LOCK_TIMEOUT = 10
"""Seconds to wait for another writer."""

_APPEND_ONLY = "the ledger is append-only"
_GAP = "positions follow one another"

_TRIGGERS = [
    f"""CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON stored_events
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON stored_events
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",
    # INSERT OR REPLACE deletes without the delete trigger: it has to be met before it inserts.
    f"""CREATE TRIGGER IF NOT EXISTS next_position_only BEFORE INSERT ON stored_events
    WHEN NEW.position IS NOT (SELECT IFNULL(MAX(position), 0) + 1 FROM stored_events)
    BEGIN SELECT RAISE(ABORT, '{_GAP}'); END""",  # noqa: S608 - constants
    f"""CREATE TRIGGER IF NOT EXISTS no_replace BEFORE INSERT ON stored_events
    WHEN EXISTS (SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id
    AND originator_version = NEW.originator_version)
    BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END""",  # noqa: S608 - constants
]


class LedgerRecorder(SQLiteApplicationRecorder):
    """The library's recorder with a position of its own: gap-free, and kept by VACUUM."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        """On the library's own datastore."""
        super().__init__(datastore)
        self.insert_events_statement = (
            f"INSERT INTO {self.events_table_name} "  # noqa: S608 - a constant name
            "(position, originator_id, originator_version, topic, state) VALUES (?,?,?,?,?)"
        )
        self.select_max_notification_id_statement = (
            f"SELECT MAX(position) FROM {self.events_table_name}"  # noqa: S608
        )

    def construct_create_table_statements(self) -> list[str]:
        """The table of events and the triggers that keep it append-only."""
        return [
            f"""CREATE TABLE IF NOT EXISTS {self.events_table_name} (
            position INTEGER PRIMARY KEY,
            originator_id TEXT NOT NULL,
            originator_version INTEGER NOT NULL,
            topic TEXT NOT NULL,
            state BLOB NOT NULL,
            UNIQUE (originator_id, originator_version))""",
            *_TRIGGERS,
        ]

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        after: int | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        """Appends behind position `after`; the primary key refuses whoever comes second."""
        if after is None:
            after = self._max_notification_id(c) or 0
        positions = range(after + 1, after + 1 + len(stored_events))
        c.executemany(
            self.insert_events_statement,
            (
                (position, s.originator_id, s.originator_version, s.topic, s.state)
                for position, s in zip(positions, stored_events, strict=True)
            ),
        )
        return positions

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """As the library's, but a lost race is told as `LedgerMovedError`."""
        try:
            return super().insert_events(stored_events, **kwargs)
        except IntegrityError:
            if kwargs.get("after") is None:
                raise
            found = self.max_notification_id()
            if found == kwargs["after"]:
                raise
            raise LedgerMovedError(kwargs["after"], found) from None

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """As the library's, on the column `position`."""
        clauses, parameters = [], list[int | str]()
        if start is not None:
            clauses.append("position >= ?" if inclusive_of_start else "position > ?")
            parameters.append(start)
        if stop is not None:
            clauses.append("position <= ?")
            parameters.append(stop)
        if topics:
            clauses.append(f"topic IN ({','.join('?' * len(topics))})")
            parameters.extend(topics)
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT position, originator_id, originator_version, topic, state "  # noqa: S608
                f"FROM {self.events_table_name} {where} ORDER BY position LIMIT ?",
                (*parameters, limit),
            )
            return [
                Notification(
                    id=position,
                    originator_id=originator_id,
                    originator_version=originator_version,
                    topic=topic,
                    state=state,
                )
                for position, originator_id, originator_version, topic, state in c.fetchall()
            ]


def path_of(url: str) -> Path:
    """The file that a sqlite URL names: `sqlite:///tally.db` is relative, four slashes absolute."""
    for prefix in ("sqlite:///", "sqlite:"):
        if url.startswith(prefix) and len(url) > len(prefix):
            return Path(unquote(url[len(prefix) :]))
    raise NotALedgerError(url, "the URL names no file")


@contextmanager
def telling_faults(url: str) -> Iterator[None]:
    """Turns the store's own errors into a message for a person."""
    try:
        yield
    except (PersistenceError, sqlite3.Error) as error:
        if isinstance(error, IntegrityError):
            raise
        words = str(error)
        if "locked" in words or "busy" in words:
            advice = f"it was busy for over {LOCK_TIMEOUT} seconds; try again when others are done"
        elif "readonly" in words or "read-only" in words:
            advice = "it may only be read; check the rights of the file and of its folder"
        elif "full" in words:
            advice = "the disk is full; make room and try again"
        elif "malformed" in words or "not a database" in words:
            advice = "it is damaged; restore it from a backup"
        else:
            advice = "look at the file, its folder and the disk"
        raise StoreError(f"{url}: {words}; {advice}. Nothing was written.") from error


class SQLiteStore:
    """A ledger in one SQLite file, in WAL mode."""

    def __init__(self, url: str, path: Path) -> None:
        """Opens an existing file; see `create` and `open`."""
        self.url = url
        self.path = path
        self._datastore = SQLiteDatastore(
            db_name=f"file:{quote(str(path))}?mode=rw",
            lock_timeout=LOCK_TIMEOUT,
            originator_id_type="text",
        )
        self.recorder = LedgerRecorder(self._datastore)

    @classmethod
    def create(cls, url: str) -> SQLiteStore:
        """Makes the file with its table and triggers."""
        path = path_of(url)
        if path.exists() and path.stat().st_size:
            if _pragma(path, "application_id") == APPLICATION_ID:
                raise LedgerExistsError(url)
            raise NotALedgerError(url, "there is another file of that name")
        with telling_faults(url):
            if not path.parent.is_dir():
                raise StoreError(f"{url}: the folder {path.parent} does not exist; make it first.")
            try:
                path.touch()
            except OSError as error:
                raise StoreError(f"{url} cannot be made: {error.strerror}") from error
            store = cls(url, path)
            store.recorder.create_table()
            connection = sqlite3.connect(path)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.commit()
            connection.close()
        return store

    @classmethod
    def open(cls, url: str) -> SQLiteStore:
        """Opens the file, if it is a ledger that this program knows."""
        path = path_of(url)
        if not path.is_file():
            raise NotALedgerError(url, "there is no such file")
        if _pragma(path, "application_id") != APPLICATION_ID:
            raise NotALedgerError(url, "the file is something else")
        version = _pragma(path, "user_version")
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{url} was written by a newer tally (schema {version}; this one knows "
                f"{SCHEMA_VERSION}); update tally to read it."
            )
        return cls(url, path)

    def close(self) -> None:
        """Closes every connection."""
        self._datastore.close()


def _pragma(path: Path, name: str) -> int:
    """A number from the file's header; -1 for a file that is no database at all."""
    offset = {"application_id": 68, "user_version": 60}[name]
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(b"SQLite format 3\0"):
        return -1
    return int.from_bytes(header[offset : offset + 4], "big")
