"""Open a ledger's read model: create it where there is none, and do without if it fails."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from eventsourcing.persistence import PersistenceError

from ledger.message import Message
from ledger.read_model import ReadModelError
from ledger.read_model.database import ReadModelDatabase
from ledger.read_model.index import Index
from ledger.read_model.lookup import Lookup
from ledger.sidecar_paths import sidecar_path

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.stores import Store

_log = logging.getLogger("tally")


def read_model_path(url: str) -> Path:
    """Return where the read model of a ledger is kept: `tally.db.view`, or the user's cache."""
    return sidecar_path(url, ".view", "XDG_CACHE_HOME", ".cache")


def drop_read_model(url: str) -> None:
    """Delete what was kept of an earlier ledger at a URL; if that fails, it is recognised later."""
    with suppress(OSError):
        ReadModelDatabase.remove(read_model_path(url))


class ReadModel:
    """An open read model that follows its ledger."""

    def __init__(self, database: ReadModelDatabase, store: Store) -> None:
        """Use `open_read_model`."""
        self.database = database
        self._store = store
        self.index = Index(database, store)
        self.lookup = Lookup(database, store)
        self.position = 0
        """The ledger's last position when the read model last followed it."""
        self.closed = False

    def follow(self) -> int:
        """Index what was appended since; return the ledger's last position."""
        head = self._store.position()
        self.index.catch_up(head)
        self.position = head
        return head

    def give_up(self, error: ReadModelError) -> None:
        """Delete a read model that turned out to be broken; the next reader makes it again."""
        _log.info(Message("tally: the read model %s is dropped: %s"), self.database.path, error)
        self.close()
        if not error.is_busy():
            with suppress(OSError):
                ReadModelDatabase.remove(self.database.path)

    def close(self) -> None:
        """Close its file."""
        self.closed = True
        self.database.close()


def open_read_model(url: str, store: Store) -> ReadModel | None:
    """Return the read model of an open ledger, caught up; None if its file cannot be used.

    Args:
        url: the ledger's URL as it was given.
        store: the same ledger, open.
    """
    path = read_model_path(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _caught_up(path, store)
        except ReadModelError as error:
            if error.is_busy():
                raise
            ReadModelDatabase.remove(path)
            return _caught_up(path, store)
    except (ReadModelError, PersistenceError, OSError) as error:
        # A ledger in a folder that may only be read is read without it.
        _log.info(Message("tally: the read model %s is not used: %s"), path, error)
        return None


def _caught_up(path: Path, store: Store) -> ReadModel:
    read_model = ReadModel(ReadModelDatabase(path), store)
    try:
        read_model.index.forget_another()
        read_model.follow()
    except BaseException:
        read_model.close()
        raise
    return read_model
