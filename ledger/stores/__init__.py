"""The stores that keep a ledger, by URL: SQLite embedded, PostgreSQL for those who grow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ledger.errors import StoreError, TallyError
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent

DEFAULT_URL = "sqlite:///tally.db"

SCHEMA_VERSION = 1
"""What this program writes, in either store; a newer one is refused."""


Row = tuple[int, str, int, str, bytes]
"""position, originator id, originator version, topic, state."""


class Wanted(NamedTuple):
    """Rows that a reader wishes for: of some topics and, unless empty, with one of some texts."""

    topics: tuple[str, ...]
    texts: tuple[bytes, ...] = ()
    """Bytes of which one at least stands in the row's state."""


_LONG = 10_000
"""Positions that are not worth a list: a range holds a million in no memory."""


class StoredRow(NamedTuple):
    """An event as it is stored, undecoded."""

    position: int
    originator_id: str
    originator_version: int
    topic: str
    state: bytes


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


class Checkpoints(Protocol):
    """The signed heads that a ledger keeps of itself, append-only as its events are."""

    def keep(self, size: int, note: str) -> None:
        """Keeps the note of a size; the same note again changes nothing.

        Raises:
            StoreError: another note of that size is kept already.
        """

    def kept(self) -> list[tuple[int, str]]:
        """Every size with its note, oldest first."""


class Store(Protocol):
    """An open store. Every fault of it is a `StoreError` with a message for a person."""

    @property
    def url(self) -> str:
        """The store's URL as it may be shown: without a password."""

    @property
    def recorder(self) -> ApplicationRecorder:
        """Where events are appended and read."""

    @property
    def checkpoints(self) -> Checkpoints:
        """Where signed heads are kept."""

    def position(self) -> int:
        """The position of the last event, 0 where there is none."""

    def raw(self, after: int = 0, to: int | None = None) -> Iterator[StoredRow]:
        """The rows behind a position, up to and with `to`, exactly as stored.

        All of them come from one moment, however long the reading takes and whoever appends
        meanwhile. `after=0` means from the very first row, whatever its position; what is not
        of its column's type is given as near to it as can be, and named by `rows_outside`.
        """

    def rows(self, after: int = 0, to: int | None = None) -> Iterator[Row]:
        """The rows behind a position as `raw` has them, for a replay: fast, of sound columns."""

    def rows_wanted(self, wanted: Sequence[Wanted], to: int) -> Iterator[Row]:
        """The rows that one of the wishes names, in their order, up to a position."""

    def rows_of(self, ids: Collection[str], to: int | None = None) -> Iterator[Row]:
        """All that happened to the entries of these ids up to a position, in its order."""

    def ids_at(self, positions: Sequence[int]) -> list[str]:
        """The originator ids of the events at some positions."""

    def lone(self, to: int | None = None) -> set[str]:
        """Ids of which one event is stored and no more, up to a position: nobody verified them."""

    def rows_outside(self) -> list[str]:
        """What is stored beside the ledger, or missing of it: one sentence each.

        Unknown tables, missing or changed triggers, values of another type than their column's,
        and what the store's own check of itself finds.
        """

    def close(self) -> None:
        """Gives back what is held open."""


def as_told(positions: range) -> Sequence[int]:
    """Positions as a recorder returns them: a list, as the library's do, unless that is long."""
    return list(positions) if len(positions) <= _LONG else positions


class UnknownStoreError(TallyError):
    """A URL that names no kind of store."""

    def __init__(self, url: str) -> None:
        super().__init__(
            Said(
                "{url} names no store; write sqlite:///path/tally.db or postgresql://host/database",
                url=shown(url),
            )
        )


class MissingExtraError(StoreError):
    """A store whose libraries are not installed."""

    def __init__(self, url: str, error: ImportError) -> None:
        super().__init__(
            Said(
                "{url} needs PostgreSQL's libraries ({error}); run `pip install '.[postgres]'` "
                "in tally's source folder",
                url=shown(url),
                error=error,
            )
        )


def shown(url: str) -> str:
    """A URL as it may be printed: without its password."""
    url = re.sub(r"(?<=://)([^/?#]*?):[^/?#]*@", r"\1:***@", url)
    return re.sub(r"(?<=[?&])((?:ssl)?password)=[^&#]*", r"\1=***", url)


def as_shown(stored: bytes) -> str:
    r"""Text as stored; a byte that is no UTF-8 is shown as `\xNN`, which no honest text holds."""
    return stored.decode("utf-8", "backslashreplace")


def create_store(url: str) -> Store:
    """Makes an empty ledger at a URL.

    Raises:
        LedgerExistsError: there is one already.
        UnknownStoreError: no such kind of store.
        StoreError: it could not be made.
    """
    return _kind(url).create(url)


def open_store(url: str) -> Store:
    """Opens the ledger at a URL.

    Raises:
        NotALedgerError: nothing there, or something else.
        UnknownStoreError: no such kind of store.
        StoreError: it could not be opened.
    """
    return _kind(url).open(url)


def grant(url: str, role: str) -> None:
    """Lets a role append to the ledger at a URL and read it, and nothing else.

    Raises:
        StoreError: there is no such role, or the store knows none.
    """
    if url.startswith("sqlite:"):
        raise StoreError(
            Said(
                "{url} is a file and knows no roles; give rights to the file and its "
                "folder instead.",
                url=url,
            )
        )
    store = open_store(url)
    try:
        store.grant(role)  # type: ignore[attr-defined]
    finally:
        store.close()


class _Kind(Protocol):
    """A class of stores."""

    def create(self, url: str) -> Store: ...

    def open(self, url: str) -> Store: ...


def _kind(url: str) -> _Kind:
    """The class of stores that a URL asks for; only the one in use is imported."""
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import SQLiteStore  # noqa: PLC0415

        return SQLiteStore
    if url.startswith(("postgresql:", "postgres:")):
        try:
            from ledger.stores.postgres import PostgresStore  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError(url, error) from None
        return PostgresStore
    raise UnknownStoreError(url)
