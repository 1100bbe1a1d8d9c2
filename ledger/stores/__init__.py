"""The stores that keep a ledger, by URL: SQLite embedded, PostgreSQL for those who grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ledger.errors import TallyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent

DEFAULT_URL = "sqlite:///tally.db"


class Recorder(Protocol):
    """An eventsourcing application recorder that numbers its events without a gap."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, after: int
    ) -> Sequence[int] | None:
        """Appends at the positions `after` + 1 and on, or raises `LedgerMovedError`."""

    def select_notifications(
        self, start: int | None, limit: int, stop: int | None = None
    ) -> Sequence[Notification]:
        """The events from a position on, at most `limit` of them."""

    def max_notification_id(self) -> int | None:
        """The position of the last event, or None in an empty ledger."""


class Store(Protocol):
    """An open store."""

    url: str

    @property
    def recorder(self) -> ApplicationRecorder:
        """Where events are appended and read."""

    def close(self) -> None:
        """Gives back what is held open."""


class UnknownStoreError(TallyError):
    """A URL that names no kind of store."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} names no store; write sqlite:///path/tally.db or postgresql://host/database"
        )


def create_store(url: str) -> Store:
    """Makes an empty ledger at a URL.

    Raises:
        LedgerExistsError: there is one already.
        UnknownStoreError: no such kind of store.
        StoreError: it could not be made.
    """
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import SQLiteStore  # noqa: PLC0415 - only the store in use

        return SQLiteStore.create(url)
    raise UnknownStoreError(url)


def open_store(url: str) -> Store:
    """Opens the ledger at a URL.

    Raises:
        NotALedgerError: nothing there, or something else.
        UnknownStoreError: no such kind of store.
        StoreError: it could not be opened.
    """
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import SQLiteStore  # noqa: PLC0415 - only the store in use

        return SQLiteStore.open(url)
    raise UnknownStoreError(url)
