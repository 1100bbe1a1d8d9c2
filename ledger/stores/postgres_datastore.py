"""Connect the library's PostgreSQL datastore to any URL of libpq, with clear faults."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, IsolationLevel

from ledger.stores import busy
from ledger.stores.postgres_faults import translate_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg.rows import DictRow

    from ledger.stores.postgres_url import Location

POOL = 10
"""Connections that one process opens at most."""


class LedgerDatastore(PostgresDatastore):
    """A datastore on a URL of libpq whose faults are errors of the ledger."""

    def __init__(self, place: Location) -> None:
        """Use a schema on a server; connect on first use."""
        super().__init__(
            dbname="",
            host="",
            port="",
            user="",
            password="",
            connect_timeout=busy.LOCK_TIMEOUT,
            max_overflow=POOL - 1,
            pre_ping=True,
            schema=place.schema,
            originator_id_type="text",
        )
        self.url = place.url
        # The pool's own URL also has what the library's five parameters lack, such as sslmode.
        self.pool.conninfo = place.conninfo
        self.pool.kwargs = {"row_factory": cast("dict[str, Any]", self.pool.kwargs)["row_factory"]}

    def register_type_adapters(self) -> None:
        """Do nothing: rows are not passed as an array of the library's own type."""

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """Return what sets up a connection; isolation does not depend on the server's settings."""
        configure = super().after_connect_func()

        def after_connect(connection: Connection[DictRow]) -> None:
            configure(connection)
            connection.isolation_level = IsolationLevel.READ_COMMITTED

        return after_connect

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """Lend a connection; raise its faults as errors of the ledger."""
        with translate_faults(self.url), super().get_connection() as connection:
            yield connection
