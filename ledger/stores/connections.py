"""Keep a connection to each PostgreSQL server, to read one ledger after another by it."""

from __future__ import annotations

import selectors
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ledger.stores.errors import StoreFaultError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection, OperationalError

    from ledger.stores.postgres_url import Location


class Connections:
    """Connections to read by: one for each server, database and user, kept until the end.

    A reading that is not done when another begins keeps its connection, and the other takes one
    more; this happens with large ledgers only. One thread uses this; a forked process makes its
    own.
    """

    EVERY: ClassVar[int] = 100
    """Ledgers after which a connection is made anew: the server keeps what it learnt of each
    schema in the connection's process, some 60 MB after 500."""

    AWAY: ClassVar[float] = 5.0
    """Seconds for which a server that could not be reached is not tried again: each of its ledgers
    would wait for as long as the first."""

    def __init__(self) -> None:
        """Connect when the first ledger is opened."""
        self._idle = defaultdict[str, list["Connection[tuple[Any, ...]]"]](list)
        self._ledgers = Counter[str]()
        self._away: dict[str, tuple[float, OperationalError]] = {}
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection; one that a reading still has, when that is done."""
        self._closed = True
        for place in self._idle:
            self._close_idle(place)

    def count_ledger(self, place: Location) -> None:
        """Count a ledger that is opened; after `EVERY` of them close the connections used."""
        if self._ledgers[place.conninfo] >= self.EVERY:
            self._close_idle(place.conninfo)
            self._ledgers[place.conninfo] = 0
        self._ledgers[place.conninfo] += 1

    @contextmanager
    def lend(self, place: Location) -> Iterator[Connection[tuple[Any, ...]]]:
        """Lend a connection in auto-commit mode to the server of a place.

        Raises:
            StoreFaultError: the server cannot be reached, or refuses.
        """
        idle = self._idle[place.conninfo]
        connection = next((one for one in _taken_from(idle) if _is_usable(one)), None)
        if connection is None:
            connection = self._connected(place)
        try:
            yield connection
        finally:
            idle.append(connection)
            if self._closed:
                self._close_idle(place.conninfo)

    def _connected(self, place: Location) -> Connection[tuple[Any, ...]]:
        """Open a connection, unless that has just failed."""
        from psycopg import OperationalError  # noqa: PLC0415 - as in `connect`

        from ledger.stores.postgres_faults import not_connected  # noqa: PLC0415 - as in `connect`

        since, cause = self._away.get(place.conninfo, (0.0, None))
        if cause is not None and time.monotonic() < since + self.AWAY:
            raise not_connected(place.url, cause) from cause
        try:
            return _reader(place)
        except StoreFaultError as error:
            if isinstance(error.__cause__, OperationalError):
                self._away[place.conninfo] = time.monotonic(), error.__cause__
            raise

    def _close_idle(self, conninfo: str) -> None:
        for one in _taken_from(self._idle[conninfo]):
            one.close()


def _taken_from(idle: list[Connection[tuple[Any, ...]]]) -> Iterator[Connection[tuple[Any, ...]]]:
    with suppress(IndexError):  # the pages' threads share the connections of their store
        while True:
            yield idle.pop()


def _is_usable(connection: Connection[Any]) -> bool:
    """Return whether a connection is open and in no transaction; close it if not.

    One that the server has ended has something to read: the server's last words.
    """
    from psycopg.pq import TransactionStatus  # noqa: PLC0415 - as in `connect`

    if connection.info.transaction_status == TransactionStatus.IDLE:
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            if not selector.select(0):
                return True
    connection.close()
    return False


def _reader(place: Location) -> Connection[tuple[Any, ...]]:
    """Open a connection for readings that each see one moment."""
    from psycopg import IsolationLevel  # noqa: PLC0415 - as in `connect`

    connection = connect(place)
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    # Each ledger has statements of its own, and each is repeated a few times only.
    connection.prepare_threshold = None
    # By default a cursor is planned for its first tenth: it would find a few rows by their order.
    connection.execute("SET cursor_tuple_fraction = 1")
    return connection


def connect(place: Location) -> Connection[tuple[Any, ...]]:
    """Open a connection in auto-commit mode.

    Raises:
        StoreFaultError: the server cannot be reached, or refuses.
    """
    import psycopg  # noqa: PLC0415 - a process that reads files alone does without
    from psycopg.rows import tuple_row  # noqa: PLC0415

    from ledger.stores.postgres_faults import not_connected  # noqa: PLC0415

    try:
        return psycopg.connect(place.conninfo, autocommit=True, row_factory=tuple_row)
    except psycopg.OperationalError as error:
        raise not_connected(place.url, error) from error
