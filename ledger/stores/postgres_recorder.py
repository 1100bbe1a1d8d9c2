"""Append events to a PostgreSQL schema at positions that the writer assigns, in turn."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Any, cast

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Subscription
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.sql import SQL, Identifier, Literal

from ledger.errors import LedgerMovedError, StoreError
from ledger.message import Message
from ledger.progress import with_progress
from ledger.stores import busy
from ledger.stores.errors import EventsRejectedError
from ledger.stores.postgres_faults import ConnectionLostError
from ledger.stores.postgres_schema import LOCK_CLASS
from ledger.stores.store import position_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventsourcing.persistence import StoredEvent
    from psycopg import Connection
    from psycopg.rows import DictRow

    from ledger.stores.postgres_datastore import LedgerDatastore

STALLED = 60
"""Seconds after which the server ends a transaction whose writer is silent."""


class LedgerRecorder(PostgresApplicationRecorder):
    """Number events without a gap and in the order of their commits.

    Writers take turns by an advisory lock that they hold until the commit; it needs no right
    beyond INSERT and SELECT. So a position becomes visible only after those before it.
    """

    def __init__(self, datastore: LedgerDatastore) -> None:
        """Use the ledger's datastore."""
        super().__init__(datastore)
        self._url = datastore.url
        self._events = Identifier(datastore.schema, self.events_table_name)
        self._head = SQL("SELECT coalesce(max(notification_id), 0) AS head FROM {}").format(
            self._events
        )
        self._copy = SQL(
            "COPY {} (notification_id, originator_id, originator_version, topic, state) "
            "FROM STDIN (FORMAT BINARY)"
        ).format(self._events)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append in one transaction; see `Store.recorder`."""
        after: int | None = kwargs.get("after")
        try:
            return self._append(stored_events, after)
        except IntegrityError as error:
            if after is None:
                raise
            head = self.max_notification_id() or 0
            if head != after:  # a writer that takes no lock came first
                raise LedgerMovedError(after, head) from None
            raise EventsRejectedError(self._url, error) from error
        except ConnectionLostError as error:
            written = self._written(stored_events, error)
            if written:
                return written
            raise StoreError(
                Message("{error}; nothing was written. Try again.", error=error)
            ) from error

    def _append(self, stored_events: Sequence[StoredEvent], after: int | None) -> Sequence[int]:
        with self._turn() as (connection, head):
            if after is not None and after != head:
                raise LedgerMovedError(after, head)
            positions = range(head + 1, head + 1 + len(stored_events))
            events = with_progress(stored_events, Message("writing"), lambda: len(stored_events))
            with connection.cursor() as cursor, cursor.copy(self._copy) as copy:
                copy.set_types(["int8", "text", "int8", "text", "bytea"])
                for position, s in zip(positions, events, strict=True):
                    copy.write_row(
                        (position, s.originator_id, s.originator_version, s.topic, s.state)
                    )
        return position_sequence(positions)

    @contextmanager
    def _turn(self) -> Iterator[tuple[Connection[DictRow], int]]:
        """Open a transaction that alone may write; give it with the ledger's last position."""
        with self.datastore.get_connection() as connection, connection.transaction():
            if not self._lock(connection, SQL("pg_try_advisory_xact_lock")):
                warning = Timer(busy.WARN_AFTER, busy.warn_busy, (self._url,))
                warning.start()
                try:
                    self._lock(connection, SQL("pg_advisory_xact_lock"))
                finally:
                    warning.cancel()
            # A statement sees what was committed when it began: only one that begins under the
            # lock sees the last position.
            row = connection.execute(self._head).fetchone()
            yield connection, int(cast("DictRow", row)["head"])

    def _lock(self, connection: Connection[DictRow], function: SQL) -> bool:
        """Ask for the advisory lock by a function; return whether it was given."""
        cursor = connection.execute(
            SQL(
                "SET LOCAL lock_timeout = {wait}; "
                "SET LOCAL idle_in_transaction_session_timeout = {stalled}; "
                "SELECT {function}({ours}, {schema}) AS given"
            ).format(
                wait=Literal(f"{int(busy.LOCK_TIMEOUT * 1000)}ms"),
                stalled=Literal(f"{STALLED}s"),
                function=function,
                ours=Literal(LOCK_CLASS),
                schema=Literal(zlib.crc32(self.datastore.schema.encode()) - 2**31),
            )
        )
        while cursor.nextset():
            pass
        return bool(cast("DictRow", cursor.fetchone())["given"])

    def _written(
        self, stored_events: Sequence[StoredEvent], lost: ConnectionLostError
    ) -> Sequence[int]:
        """Return the positions of events whose commit was not acknowledged; none if it failed.

        It looks under the lock, when nobody else writes, so what it finds is final.

        Raises:
            StoreError: the server does not answer, so it is not known.
        """
        if not stored_events:
            return []
        first, last = stored_events[0], stored_events[-1]
        query = SQL(
            "SELECT notification_id, state FROM {} WHERE originator_id = %s "
            "AND originator_version = %s"
        ).format(self._events)
        try:
            with self._turn() as (connection, _):
                rows = [
                    connection.execute(query, (s.originator_id, s.originator_version)).fetchone()
                    for s in (first, last)
                ]
        except StoreError as error:
            raise StoreError(
                Message(
                    "{lost}, and the server does not answer: it is not known whether the events "
                    "were written. Try again: what was recorded with the same content is skipped.",
                    lost=lost,
                )
            ) from error
        found = [row for row in rows if row is not None]
        if [bytes(row["state"]) for row in found] != [first.state, last.state]:
            return []
        positions = range(found[0]["notification_id"], found[1]["notification_id"] + 1)
        return position_sequence(positions) if len(positions) == len(stored_events) else []

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Refuse: a lost NOTIFY would stop a reader, so follow with `select_notifications`."""
        raise NotImplementedError("follow the ledger with select_notifications")
