"""The library's SQLite recorder with positions of its own, patience and clear faults."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import IntegrityError, Notification, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from ledger.errors import LedgerMovedError, StoreError
from ledger.saying import Said
from ledger.stores import as_told, patience
from ledger.stores.sqlite_faults import patiently, telling_faults
from ledger.watching import watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Pool(SQLiteConnectionPool):
    """Connections whose commits are on the disk before they are acknowledged."""

    url = ""

    def _create_connection(self) -> SQLiteConnection:
        connection = patiently(self.url, super()._create_connection)
        connection.cursor().execute("PRAGMA synchronous = FULL")
        return connection


class LedgerDatastore(SQLiteDatastore):
    """The library's datastore; every use of it waits its turn and tells its faults."""

    def __init__(self, url: str, uri: str) -> None:
        """On the file of a `file:` URI, which messages call by its URL."""
        super().__init__(uri, originator_id_type="text")
        self.url = url
        self._turn = Lock()
        self.pool = _Pool(db_name=uri, pool_timeout=patience.LOCK_TIMEOUT)
        # In seconds, which sqlite3 takes in parts too.
        self.pool.lock_timeout = patience.SPACING  # type: ignore[assignment]
        self.pool.url = url

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """As the library's, whose writers' lock is lost when a connection cannot be made."""
        if commit and not self._turn.acquire(timeout=patience.LOCK_TIMEOUT):
            raise TimeoutError(0, "another thread has been writing")
        try:
            connection = self.pool.get_connection()
            try:
                yield connection
            finally:
                self.pool.put_connection(connection)
        finally:
            if commit:
                self._turn.release()

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """One moment of the ledger to read, or, with `commit`, the one turn to write."""
        with telling_faults(self.url), self.get_connection(commit=commit) as connection:
            cursor = connection.cursor()

            def begin() -> None:
                # A read that turns into a write is refused as busy at once, whatever the
                # timeout: a writer says so from the start.
                cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                try:
                    cursor.execute("PRAGMA schema_version")  # takes the lock that BEGIN does not
                    cursor.fetchone()
                except sqlite3.Error:
                    connection.rollback()
                    raise

            patiently(self.url, begin)
            try:
                yield cursor
                if commit:
                    connection.commit()
            finally:
                # After a commit nothing is left to take back.
                connection.rollback()
                cursor.sqlite_cursor.close()


class LedgerRecorder(SQLiteApplicationRecorder):
    """The library's recorder with a position of its own: gap-free, and kept by VACUUM."""

    def __init__(self, datastore: LedgerDatastore) -> None:
        """On the ledger's datastore."""
        super().__init__(datastore)
        self._url = datastore.url
        self.insert_events_statement = (
            f"INSERT INTO {self.events_table_name} "  # noqa: S608 - a constant name
            "(position, originator_id, originator_version, topic, state) VALUES (?,?,?,?,?)"
        )
        self.select_max_notification_id_statement = (
            f"SELECT MAX(position) FROM {self.events_table_name}"  # noqa: S608
        )

    def construct_create_table_statements(self) -> list[str]:
        """Nothing: a ledger is made by `SQLiteStore.create` alone."""
        return []

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        after: int | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        """Appends behind position `after`; whoever comes second finds the ledger moved."""
        head = self._max_notification_id(c) or 0
        if after is not None and after != head:
            raise LedgerMovedError(after, head)
        positions = range(head + 1, head + 1 + len(stored_events))
        events = watched(stored_events, Said("writing"), lambda: len(stored_events))
        c.executemany(
            self.insert_events_statement,
            (
                (position, s.originator_id, s.originator_version, s.topic, s.state)
                for position, s in zip(positions, events, strict=True)
            ),
        )
        return as_told(positions)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """As the library's; where `after` is given, a refused row is a fault of the ledger.

        Raises:
            LedgerMovedError: somebody appended behind `after`.
            StoreError: the store could not do it, or holds an event of these already.
        """
        try:
            return super().insert_events(stored_events, **kwargs)
        except IntegrityError as error:
            if kwargs.get("after") is None:
                raise
            raise StoreError(
                Said(
                    "{url} refused the events: {error}; run `tally check`. Nothing was written.",
                    url=self._url,
                    error=error,
                )
            ) from error

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
