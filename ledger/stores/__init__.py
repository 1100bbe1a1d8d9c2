"""Open the store that keeps a ledger, by its URL: a SQLite file or a PostgreSQL schema."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.stores.errors import MissingExtraError, UnknownStoreError
from ledger.stores.store import CHUNK, Row, RowFilter, Store, StoredRow

if TYPE_CHECKING:
    from ledger.stores.postgres import PostgresStore
    from ledger.stores.sqlite import SQLiteStore

__all__ = [
    "CHUNK",
    "DEFAULT_URL",
    "MissingExtraError",
    "Row",
    "RowFilter",
    "Store",
    "StoredRow",
    "UnknownStoreError",
    "create_store",
    "grant",
    "mask_password",
    "open_store",
]

DEFAULT_URL = "sqlite:///tally.db"


def create_store(url: str) -> Store:
    """Create an empty ledger at a URL.

    Raises:
        LedgerExistsError: there is one already.
        UnknownStoreError: the URL names no kind of store.
        StoreError: it could not be created.
    """
    return _store_class(url).create(url)


def open_store(url: str) -> Store:
    """Open the ledger at a URL.

    Raises:
        NotALedgerError: there is nothing, or something else.
        UnknownStoreError: the URL names no kind of store.
        StoreError: it could not be opened.
    """
    return _store_class(url).open(url)


def grant(url: str, role: str) -> None:
    """Let a role append to the ledger at a URL and read it, and nothing else.

    Raises:
        StoreError: there is no such role, or the store has no roles.
    """
    with closing(open_store(url)) as store:
        store.grant(role)


def _store_class(url: str) -> type[SQLiteStore | PostgresStore]:
    """Import the class of the store that a URL names, and no other."""
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import SQLiteStore  # noqa: PLC0415

        return SQLiteStore
    if url.startswith(("postgresql:", "postgres:")):
        try:
            from ledger.stores.postgres import PostgresStore  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError(mask_password(url), error) from None
        return PostgresStore
    raise UnknownStoreError(mask_password(url))


def mask_password(url: str) -> str:
    """Replace the password in a URL by `***`."""
    url = re.sub(r"(?<=://)([^/?#]*?):[^/?#]*@", r"\1:***@", url)
    return re.sub(r"(?<=[?&])((?:ssl)?password)=[^&#]*", r"\1=***", url)
