"""Append events to a SQLite file at positions that the writer assigns, and read them back."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import IntegrityError
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteCursor,
    SQLiteDatastore,
)

from ledger.errors import LedgerMovedError
from ledger.message import Message
from ledger.progress import with_progress
from ledger.stores import busy
from ledger.stores.errors import EventsRejectedError
from ledger.stores.sqlite_faults import retry_while_busy, translate_faults
from ledger.stores.sqlite_schema import VERSION, add_guards, drop_guards
from ledger.stores.store import position_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventsourcing.persistence import StoredEvent


class LedgerDatastore(SQLiteDatastore):
    """A datastore whose writers take turns, wait while the file is busy, and report faults."""

    def __init__(self, url: str, uri: str) -> None:
        """Use the file of a `file:` URI, which messages call by its URL."""
        super().__init__(
            uri,
            # In seconds; sqlite3 takes a fraction too.
            lock_timeout=busy.RETRY_INTERVAL,  # type: ignore[arg-type]
            pool_timeout=busy.LOCK_TIMEOUT,
            originator_id_type="text",
        )
        self.url = url
        self._turn = Lock()

    @contextmanager
    def get_connection(self, *, commit: bool) -> Iterator[SQLiteConnection]:
        """Lend a connection; with `commit`, to one thread at a time.

        The pool's own lock for writers stays locked when a connection cannot be made, so it is
        not asked for.
        """
        if commit and not self._turn.acquire(timeout=busy.LOCK_TIMEOUT):
            raise TimeoutError(0, "another thread has been writing")
        try:
            connection = retry_while_busy(self.url, self.pool.get_connection)
            try:
                if commit:
                    # A commit is on the disk before it is acknowledged.
                    connection.cursor().execute("PRAGMA synchronous = FULL")
                yield connection
            finally:
                self.pool.put_connection(connection)
        finally:
            if commit:
                self._turn.release()

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Open a transaction that sees one moment or, with `commit`, that alone may write."""
        with translate_faults(self.url), self.get_connection(commit=commit) as connection:
            cursor = connection.cursor()

            def begin() -> None:
                # SQLite refuses at once, whatever the timeout, a read that turns into a write
                # while another writes: so a writer takes the lock from the start.
                cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                try:
                    cursor.execute("PRAGMA schema_version")  # takes the lock that BEGIN does not
                    cursor.fetchone()
                except sqlite3.Error:
                    connection.rollback()
                    raise

            retry_while_busy(self.url, begin)
            try:
                yield cursor
                if commit:
                    connection.commit()
            finally:
                # Does nothing after a commit.
                connection.rollback()
                cursor.sqlite_cursor.close()


class LedgerRecorder(SQLiteApplicationRecorder):
    """Number events in a column of their own: without a gap, and unchanged by VACUUM."""

    datastore: LedgerDatastore

    def __init__(self, datastore: LedgerDatastore) -> None:
        """Read the ledger's events with the inherited queries, which call a position `rowid`."""
        super().__init__(datastore, "(SELECT position AS rowid, * FROM stored_events)")

    def construct_create_table_statements(self) -> list[str]:
        """Return none: only `SQLiteStore.create` creates tables."""
        return []

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append in one transaction; see `Store.recorder`."""
        after: int | None = kwargs.get("after")
        as_found: bool = kwargs.get("as_found", False)
        try:
            with self.datastore.transaction(commit=True) as cursor:
                cursor.execute(self.select_max_notification_id_statement)
                head = cursor.fetchone()[0] or 0
                if after is not None and after != head:
                    raise LedgerMovedError(after, head)
                cursor.execute("PRAGMA user_version")
                unguarded = cursor.fetchone()[0] < VERSION
                if as_found:
                    drop_guards(cursor.execute)
                elif unguarded:
                    add_guards(cursor.execute)
                positions = range(head + 1, head + 1 + len(stored_events))
                events = with_progress(
                    stored_events, Message("writing"), lambda: len(stored_events)
                )
                cursor.executemany(
                    "INSERT INTO stored_events "
                    "(position, originator_id, originator_version, topic, state) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (
                        (position, s.originator_id, s.originator_version, s.topic, s.state)
                        for position, s in zip(positions, events, strict=True)
                    ),
                )
                if as_found:
                    add_guards(cursor.execute)
        except IntegrityError as error:
            if after is None:
                raise
            raise EventsRejectedError(self.datastore.url, error) from error
        return position_sequence(positions)
