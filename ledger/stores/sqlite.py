"""The embedded store: one SQLite file, append-only by its own triggers."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

from ledger.errors import LedgerExistsError, NotALedgerError, StoreError
from ledger.saying import Said
from ledger.stores import SCHEMA_VERSION, StoredRow, as_shown, patience
from ledger.stores.sqlite_faults import patiently, telling_faults
from ledger.stores.sqlite_schema import APPLICATION_ID, SCHEMA, outside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ledger.stores import Row, Wanted
    from ledger.stores.sqlite_checkpoints import SQLiteCheckpoints
    from ledger.stores.sqlite_recorder import LedgerDatastore, LedgerRecorder

_LAST = 2**63 - 1
PAGE = 1_000
"""Rows fetched at a time."""

_SELECT = (
    "SELECT position, originator_id, originator_version, topic, "
    "IFNULL(CAST(state AS BLOB), x'') FROM stored_events"
)
"""A state that is no blob is read as near to one as can be, and named by `rows_outside`."""


class _Library(NamedTuple):
    """What the library's ways go through."""

    datastore: LedgerDatastore
    recorder: LedgerRecorder
    checkpoints: SQLiteCheckpoints


class SQLiteStore:
    """A ledger in one SQLite file, in WAL mode."""

    def __init__(self, url: str, path: Path) -> None:
        """Opens an existing file; see `create` and `open`."""
        self.url = url
        self.path = path

        self._library: _Library | None = None
        self._making = Lock()

    def _made(self) -> _Library:
        """The library's own way in, for who appends: who only reads does not wait for it."""
        from ledger.stores.sqlite_checkpoints import SQLiteCheckpoints  # noqa: PLC0415
        from ledger.stores.sqlite_recorder import LedgerDatastore, LedgerRecorder  # noqa: PLC0415

        with self._making:
            if self._library is None:
                datastore = LedgerDatastore(self.url, _uri(self.path))
                recorder, kept = LedgerRecorder(datastore), SQLiteCheckpoints(datastore)
                self._library = _Library(datastore, recorder, kept)
            return self._library

    @property
    def recorder(self) -> LedgerRecorder:
        """Where events are appended and read."""
        return self._made().recorder

    @property
    def checkpoints(self) -> SQLiteCheckpoints:
        """Where signed heads are kept."""
        return self._made().checkpoints

    @classmethod
    def create(cls, url: str) -> SQLiteStore:
        """Makes the file with its tables and triggers, in one transaction."""
        path = path_of(url)
        with telling_faults(url):
            if path.exists() and (path.is_dir() or path.stat().st_size):
                if path.is_file() and _number(path, "application_id") == APPLICATION_ID:
                    raise LedgerExistsError(url)
                raise NotALedgerError(url, Said("there is another file of that name"))
            if not path.parent.is_dir():
                raise StoreError(
                    Said(
                        "{url}: the folder {parent} does not exist; make it first.",
                        url=url,
                        parent=path.parent,
                    )
                )
            path.touch()
            with closing(_connect(path)) as connection:
                connection.execute("BEGIN EXCLUSIVE")
                if connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()[0]:
                    raise LedgerExistsError(url)
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                connection.execute("COMMIT")
                connection.execute("PRAGMA journal_mode = WAL")
        return cls(url, path)

    @classmethod
    def open(cls, url: str) -> SQLiteStore:
        """Opens the file, if it is a ledger that this program knows."""
        path = path_of(url)
        with telling_faults(url):
            if not path.exists():
                raise NotALedgerError(url, Said("there is no such file"))
            if not path.is_file():
                raise NotALedgerError(url, Said("that is no file"))
            if _number(path, "application_id") != APPLICATION_ID:
                raise NotALedgerError(url, Said("the file is something else"))
            version = _number(path, "user_version")
        if version > SCHEMA_VERSION:
            raise StoreError(
                Said(
                    "{url} was written by a newer tally (schema {version}; this one knows "
                    "{known}); update tally to read it.",
                    url=url,
                    version=version,
                    known=SCHEMA_VERSION,
                )
            )
        return cls(url, path)

    def position(self) -> int:
        """The last position; see `Store.position`."""
        if self._library is not None:
            # Its connections are open already.
            return self._library.recorder.max_notification_id() or 0
        ((head,),) = self._asked("SELECT MAX(position) FROM stored_events", ())
        return head or 0

    def raw(self, after: int = 0, to: int | None = None) -> Iterator[StoredRow]:
        """The rows as stored, all of one moment; see `Store.raw`."""
        clauses = ["position > ?"] if after else []
        clauses += ["position <= ?"] if to is not None else []
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        with telling_faults(self.url), closing(_connect(self.path)) as connection:
            # As bytes, so that text which is none comes through; of whatever type it is.
            query = (
                "SELECT position, IFNULL(CAST(originator_id AS BLOB), x''), "  # noqa: S608
                "IFNULL(CAST(originator_version AS INTEGER), -1), "
                "IFNULL(CAST(topic AS BLOB), x''), IFNULL(CAST(state AS BLOB), x'') "
                f"FROM stored_events {where} ORDER BY position"
            )
            bounds = [bound for bound in (after or None, to) if bound is not None]
            cursor = patiently(self.url, lambda: connection.execute(query, bounds))
            while rows := cursor.fetchmany(PAGE):
                for position, originator_id, version, topic, state in rows:
                    yield StoredRow(
                        position, as_shown(originator_id), version, as_shown(topic), state
                    )

    def rows(self, after: int = 0, to: int | None = None) -> Iterator[Row]:
        """The rows for a replay; see `Store.rows`."""
        query = f"{_SELECT} WHERE position > ? AND position <= ? ORDER BY position"
        yield from self._asked(query, (after, _LAST if to is None else to))

    def rows_wanted(self, wanted: Sequence[Wanted], to: int) -> Iterator[Row]:
        """The rows that one of the wishes names; see `Store.rows_wanted`."""
        condition, bounds = _condition(wanted)
        among, topics = _among(wanted)
        query = f"{_SELECT} WHERE position <= ? AND {among} AND ({condition}) ORDER BY position"
        yield from self._asked(query, (to, *topics, *bounds))

    def rows_of(self, ids: Collection[str], to: int | None = None) -> Iterator[Row]:
        """All that happened to some entries; see `Store.rows_of`."""
        query = (
            f"{_SELECT} WHERE originator_id IN (SELECT value FROM json_each(?)) "  # noqa: S608 - constants
            "AND position <= ? ORDER BY position"
        )
        yield from self._asked(query, (json.dumps(list(ids)), _LAST if to is None else to))

    def ids_at(self, positions: Sequence[int]) -> list[str]:
        """The originator ids at some positions; see `Store.ids_at`."""
        query = (
            "SELECT originator_id FROM stored_events "
            "WHERE position IN (SELECT value FROM json_each(?))"
        )
        return [name for (name,) in self._asked(query, (json.dumps(positions),))]

    def lone(self, to: int | None = None) -> set[str]:
        """Ids with one event; see `Store.lone`."""
        # From the index alone, which holds the position too.
        query = (
            "SELECT originator_id FROM stored_events WHERE position <= ? "
            "GROUP BY originator_id HAVING MAX(originator_version) = 1"
        )
        return {name for (name,) in self._asked(query, (_LAST if to is None else to,))}

    def _asked(self, query: str, bounds: Sequence[object]) -> Iterator[Any]:
        """The rows of a query, of one moment."""
        with telling_faults(self.url), closing(_connect(self.path)) as connection:
            cursor = patiently(self.url, lambda: connection.execute(query, bounds))
            while rows := cursor.fetchmany(PAGE):
                yield from rows

    def rows_outside(self) -> list[str]:
        """What is in the file beside the ledger or missing of it; see `Store.rows_outside`."""
        with telling_faults(self.url), closing(_connect(self.path)) as connection:
            return patiently(self.url, lambda: outside(connection))

    def close(self) -> None:
        """Closes every connection."""
        if self._library is not None:
            self._library.datastore.close()


def path_of(url: str) -> Path:
    """The file that a sqlite URL names: `sqlite:///tally.db` is relative, four slashes absolute."""
    for prefix in ("sqlite:///", "sqlite:"):
        if url.startswith(prefix) and len(url) > len(prefix):
            return Path(unquote(url[len(prefix) :]))
    raise NotALedgerError(url, Said("the URL names no file"))


def _uri(path: Path) -> str:
    """The file as SQLite opens it: as it lies there, where its folder may only be read.

    SQLite keeps files of its own beside one in WAL mode even to read it; whoever may not write
    there (a stick, an archive) reads the file as it is, unless a log lies beside it.
    """
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
        return f"file:{quote(str(path))}?mode=rw"
    return f"file:{quote(str(path))}?mode=ro&immutable=1"


def _among(wanted: Sequence[Wanted]) -> tuple[str, list[str]]:
    """That a row's topic is of some wish, asked first: of most rows it is not."""
    topics = [topic for wish in wanted for topic in wish.topics]
    return f"topic IN ({', '.join('?' * len(topics))})", topics


def _condition(wanted: Sequence[Wanted]) -> tuple[str, list[object]]:
    """What makes a row one of those that are wished for, and its parameters."""
    wishes, bounds = list[str](), list[object]()
    for topics, texts in wanted:
        wish = f"topic IN ({', '.join('?' * len(topics))})"
        bounds.extend(topics)
        if texts:
            wish += f" AND ({' OR '.join(['instr(state, ?)'] * len(texts))})"
            bounds.extend(texts)
        wishes.append(f"({wish})")
    return " OR ".join(wishes), bounds


def _connect(path: Path) -> sqlite3.Connection:
    """A connection of its own, in auto-commit."""
    return sqlite3.connect(
        _uri(path),
        uri=True,
        isolation_level=None,
        timeout=patience.FIRST_WORD,
        check_same_thread=False,
    )


def _number(path: Path, name: str) -> int:
    """A number from the file's header; -1 for a file that is no database at all."""
    offset = {"application_id": 68, "user_version": 60}[name]
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(b"SQLite format 3\0"):
        return -1
    return int.from_bytes(header[offset : offset + 4], "big")
