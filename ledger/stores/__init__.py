"""Open the store that keeps a ledger, by its URL: a SQLite file or a PostgreSQL schema."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ledger.stores.connections import Connections
from ledger.stores.errors import MissingExtraError, UnknownStoreError
from ledger.stores.store import Row, RowFilter, Store, StoredRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.errors import TallyError
    from ledger.stores.postgres import PostgresStore
    from ledger.stores.sqlite import SQLiteStore

__all__ = [
    "DEFAULT_URL",
    "Connections",
    "MissingExtraError",
    "Row",
    "RowFilter",
    "Store",
    "StoredRow",
    "UnknownStoreError",
    "check_url",
    "create_store",
    "grant",
    "heads",
    "new_store",
    "open_store",
    "upgrade",
]

DEFAULT_URL = "sqlite:///tally.db"

_POSTGRES = ("postgresql:", "postgres:")


def check_url(url: str) -> None:
    """Refuse a URL that names no place for a ledger, without looking there.

    Raises:
        UnknownStoreError: it names no kind of store.
        MalformedUrlError: it names no place.
    """
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite_url import path_of  # noqa: PLC0415 - as `_store_class`

        path_of(url)
    elif not url.startswith(_POSTGRES):
        raise UnknownStoreError(url)


def create_store(url: str) -> Store:
    """Create an empty ledger at a URL.

    Raises:
        LedgerExistsError: there is one already.
        UnknownStoreError: the URL names no kind of store.
        StoreError: it could not be created.
    """
    return _store_class(url).create(url)


@contextmanager
def new_store(url: str) -> Iterator[Store]:
    """Create a ledger for a block that fills it.

    A file appears at its place when the block has ended without an error, and not at all
    otherwise. On a server the empty ledger stays, and the next attempt fills it: a role that may
    create tables cannot always drop them, and the schema may hold tables of others.

    Raises:
        LedgerExistsError: there is one already.
        UnknownStoreError: the URL names no kind of store.
        StoreError: it could not be created.
    """
    kind = _store_class(url)
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import SQLiteStore  # noqa: PLC0415 - as `_store_class`

        with SQLiteStore.new(url) as store:
            yield store
        return
    with closing(kind.create(url)) as made:
        yield made


def open_store(url: str, *, lent: Connections | None = None) -> Store:
    """Open the ledger at a URL.

    Args:
        url: the ledger.
        lent: connections to read a ledger on a server by, one after another; by default the store
            keeps its own. A file is opened as always.

    Raises:
        NotALedgerError: there is nothing, or something else.
        UnknownStoreError: the URL names no kind of store.
        StoreError: it could not be opened.
    """
    return _store_class(url).open(url, lent)


def heads(
    url: str, schemas: Iterable[str], *, lent: Connections | None = None
) -> dict[str, int | TallyError]:
    """Return the position of each ledger of a server, or its fault; see `postgres_heads.heads`.

    Raises:
        StoreError: the server cannot be reached, or did not answer to the end; or the URL names
            none.
    """
    _store_class(url)
    from ledger.stores import postgres_heads  # noqa: PLC0415 - as `_store_class`

    return postgres_heads.heads(url, schemas, lent)


def grant(url: str, role: str, *, checkpoints: bool = False) -> None:
    """Let a role append to the ledger at a URL and read it; see `Store.grant`.

    Raises:
        StoreError: there is no such role, or the store has no roles.
    """
    with closing(open_store(url)) as store:
        store.grant(role, checkpoints=checkpoints)


def upgrade(url: str) -> None:
    """Make anew what guards the tables of the ledger at a URL; see `Store.upgrade`.

    Raises:
        StoreError: the store has nothing of that kind, or this role does not own it.
    """
    with closing(open_store(url)) as store:
        store.upgrade()


def _store_class(url: str) -> type[SQLiteStore | PostgresStore]:
    """Import the class of the store that a URL names, and no other."""
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import SQLiteStore  # noqa: PLC0415

        return SQLiteStore
    if url.startswith(_POSTGRES):
        try:
            from ledger.stores.postgres import PostgresStore  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError(url, error) from None
        return PostgresStore
    raise UnknownStoreError(url)
