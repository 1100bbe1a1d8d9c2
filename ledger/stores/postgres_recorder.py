"""Append events to a PostgreSQL schema at positions that the writer assigns, in turn."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, cast

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Subscription
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import errors
from psycopg.sql import SQL, Identifier, Literal

from ledger.errors import LedgerMovedError, StoreError
from ledger.message import Message
from ledger.progress import with_progress
from ledger.stores import busy
from ledger.stores.errors import EventsRejectedError, StoreFaultError
from ledger.stores.postgres_faults import ConnectionLostError, busy_fault
from ledger.stores.postgres_functions import APPEND, STALLED
from ledger.stores.store import position_sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventsourcing.persistence import StoredEvent
    from psycopg import Connection
    from psycopg.rows import DictRow

    from ledger.stores.postgres_datastore import LedgerDatastore

_BATCH_EVENTS, _BATCH_BYTES = 2_000, 8 << 20
"""Events, and bytes of their states, that are sent in one call, or a little more."""

_Row = tuple[str, int, str, bytes]
"""Originator id, originator version, topic, state."""
_Made = list[_Row]

_HOLDER = """
SELECT a.usename AS role, l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.relation = %s::regclass AND l.mode = 'RowShareLock' AND l.granted
AND NOT EXISTS (SELECT 1 FROM pg_locks w WHERE w.pid = l.pid AND NOT w.granted)"""
"""Who locked a row of a table, and does not wait for it."""


class LedgerRecorder(PostgresApplicationRecorder):
    """Number events without a gap and in the order of their commits.

    Writers take turns by a lock on a row of the ledger, which the function by which they append
    takes and which they hold until the commit. So a position becomes visible only after those
    before it.
    """

    datastore: LedgerDatastore

    def __init__(self, datastore: LedgerDatastore) -> None:
        """Use the ledger's datastore."""
        super().__init__(datastore)
        self._url = datastore.url
        self._events = Identifier(datastore.schema, self.events_table_name)
        append = Identifier(datastore.schema, APPEND.name)
        self._call = SQL(
            "SELECT {}(%b, %b::text[], %b::bigint[], %b::text[], %b::bytea[]) AS head"
        ).format(append)
        self._wait = SQL("SELECT {}(NULL, NULL, NULL, NULL, NULL) AS head").format(append)
        self._copy = SQL(
            "COPY {} (notification_id, originator_id, originator_version, topic, state) "
            "FROM STDIN (FORMAT BINARY)"
        ).format(self._events)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append in one transaction; see `Store.recorder`."""
        after: int | None = kwargs.get("after")
        as_found: bool = kwargs.get("as_found", False)
        try:
            return self._append(stored_events, after, as_found=as_found)
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

    def _append(
        self, stored_events: Sequence[StoredEvent], after: int | None, *, as_found: bool
    ) -> Sequence[int]:
        with self._turn() as (connection, head):
            if after is not None and after != head:
                raise LedgerMovedError(after, head)
            positions = range(head + 1, head + 1 + len(stored_events))
            events = with_progress(stored_events, Message("writing"), lambda: len(stored_events))
            if as_found:
                self._copy_in(connection, zip(positions, events, strict=True))
            else:
                self._call_for(connection, head, events)
        return position_sequence(positions)

    def _call_for(
        self, connection: Connection[DictRow], head: int, events: Iterable[StoredEvent]
    ) -> None:
        """Append events by the ledger's function."""
        with connection.cursor(binary=True) as cursor:
            for batch in _ahead(_batches(events)):
                cursor.execute(self._call, (head, *map(list, zip(*batch, strict=True))))
                assert cast("DictRow", cursor.fetchone())["head"] == head, "under the lock"
                head += len(batch)

    def _copy_in(
        self, connection: Connection[DictRow], events: Iterable[tuple[int, StoredEvent]]
    ) -> None:
        """Append the events of another ledger as its owner, unchecked."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            with cursor.copy(self._copy) as copy:
                copy.set_types(["int8", "text", "int8", "text", "bytea"])
                for position, event in events:
                    copy.write_row((position, *_row(event)))

    @contextmanager
    def _turn(self) -> Iterator[tuple[Connection[DictRow], int]]:
        """Open a transaction that alone may write; give it with the ledger's last position.

        Raises:
            StoreFaultError: another writer did not end in time.
        """
        with self.datastore.get_connection() as connection:
            try:
                begun, head = self._begin(connection, busy.WARN_AFTER)
            except errors.LockNotAvailable:
                busy.warn_busy(self._url)
                try:
                    begun, head = self._begin(connection, busy.LOCK_TIMEOUT - busy.WARN_AFTER)
                except errors.LockNotAvailable as error:
                    raise self._busy(connection, error) from error
            with begun:
                yield connection, head

    def _begin(self, connection: Connection[DictRow], patience: float) -> tuple[ExitStack, int]:
        """Open a transaction and wait for the lock; give what ends it, and the last position."""
        with ExitStack() as stack:
            stack.enter_context(connection.transaction())
            cursor = connection.execute(
                SQL(
                    "SET LOCAL lock_timeout = {wait}; SET LOCAL statement_timeout = {stalled}; "
                    "SET LOCAL idle_in_transaction_session_timeout = {stalled}; "
                    # A commit is on the disk before it is acknowledged.
                    "SET LOCAL synchronous_commit = on; {lock}"
                ).format(
                    wait=Literal(f"{patience * 1000:.0f}ms"),
                    stalled=Literal(f"{STALLED}s"),
                    lock=self._wait,
                )
            )
            while cursor.nextset():
                pass
            head = int(cast("DictRow", cursor.fetchone())["head"])
            return stack.pop_all(), head

    def _busy(self, connection: Connection[DictRow], error: Exception) -> StoreFaultError:
        """Return the error for a lock that was not given, with whoever holds it."""
        ledger = Identifier(self.datastore.schema, "ledger").as_string()
        holder = connection.execute(_HOLDER, (ledger,)).fetchone()
        found = None if holder is None else (holder["role"], holder["pid"])
        return busy_fault(self._url, error, found, Message("is writing"))

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


def _row(event: StoredEvent) -> _Row:
    return str(event.originator_id), event.originator_version, event.topic, event.state


def _batches(events: Iterable[StoredEvent]) -> Iterator[_Made]:
    """Yield events as rows, as many at a time as one call may have."""
    batch, size = list[_Row](), 0
    for one in events:
        batch.append(_row(one))
        size += len(one.state)
        if len(batch) == _BATCH_EVENTS or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _ahead(batches: Iterator[_Made]) -> Iterator[_Made]:
    """Yield batches; make each in another thread while the server is at work on the one before."""
    first = next(batches, None)
    if first is None:
        return
    if len(first) < _BATCH_EVENTS:  # all of it, unless its states are long
        yield first
        yield from batches
        return
    with ThreadPoolExecutor(1) as maker:
        batch: _Made | None = first
        while batch is not None:
            coming: Future[_Made | None] = maker.submit(next, batches, None)
            yield batch
            batch = coming.result()
