"""The library's PostgreSQL datastore and pool, on a URL of libpq's, with clear faults."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, IsolationLevel

from ledger.stores import patience
from ledger.stores.postgres_faults import telling_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg.rows import DictRow

    from ledger.stores.postgres_url import Place

POOL = 10
"""Connections that one process opens at most."""


class LedgerDatastore(PostgresDatastore):
    """The library's datastore on a URL of libpq's; every use of it tells its faults."""

    def __init__(self, place: Place) -> None:
        """At a town's place; connects when it is first used."""
        super().__init__(
            dbname="",
            host="",
            port="",
            user="",
            password="",
            connect_timeout=patience.LOCK_TIMEOUT,
            max_overflow=POOL - 1,
            pre_ping=True,
            schema=place.schema,
            originator_id_type="text",
        )
        self.url = place.url
        # Whatever else libpq takes, such as sslmode, comes through with its own URL.
        self.pool.conninfo = place.conninfo
        self.pool.kwargs = {"row_factory": cast("dict[str, Any]", self.pool.kwargs)["row_factory"]}

    def register_type_adapters(self) -> None:
        """None: rows are copied in, not composed into the library's array of a type of its own."""

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """As the library's; what a transaction sees does not depend on the server's settings."""
        configure = super().after_connect_func()

        def after_connect(connection: Connection[DictRow]) -> None:
            configure(connection)
            connection.isolation_level = IsolationLevel.READ_COMMITTED

        return after_connect

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """As the library's, with its faults as messages."""
        with telling_faults(self.url), super().get_connection() as connection:
            yield connection
