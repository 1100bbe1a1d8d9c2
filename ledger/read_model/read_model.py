"""Open a ledger's read model: create it where there is none, and do without if it fails."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from eventsourcing.persistence import PersistenceError

from ledger.integrity.head import KeptHead
from ledger.message import Message
from ledger.read_model import ReadModelError
from ledger.read_model.database import ReadModelDatabase
from ledger.read_model.index import Index
from ledger.read_model.lookup import Lookup
from ledger.read_model.sealing import place_of, read_model_path
from ledger.sidecar_paths import NoHomeError

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.read_model.sealing import Place
    from ledger.read_model.segments import Anchor
    from ledger.stores import Store

_log = logging.getLogger("tally")


def drop_read_model(url: str) -> None:
    """Delete what was kept of an earlier ledger at a URL; if that fails, it is recognised later."""
    with suppress(OSError, NoHomeError):
        ReadModelDatabase.remove(read_model_path(url))


class ReadModel:
    """An open read model that follows its ledger."""

    def __init__(self, database: ReadModelDatabase, store: Store) -> None:
        """Use `open_read_model`."""
        self.database = database
        self._store = store
        self.index = Index(database, store)
        self.lookup = Lookup(self.index, store)
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
        _say_dropped(self.database.path, error)
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
    place = place_of(url)
    if place is None:
        _log.info(Message("tally: no read model is used: there is no place for its key"))
        return None
    path = place.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _caught_up(url, place, store)
        except ReadModelError as error:
            if error.is_busy():
                raise
            _say_dropped(path, error)
            ReadModelDatabase.remove(path)
            return _caught_up(url, place, store)
    except (ReadModelError, PersistenceError, OSError) as error:
        # A ledger in a folder that may only be read is read without it.
        _log.info(Message("tally: the read model %s is not used: %s"), path, error)
        return None


def _say_dropped(path: Path, error: ReadModelError) -> None:
    if error.is_forged:
        _log.warning(
            Message("tally: the read model %s is not believed, and made again from the events: %s"),
            path,
            error,
        )
    else:
        _log.info(Message("tally: the read model %s is dropped: %s"), path, error)


def _caught_up(url: str, place: Place, store: Store) -> ReadModel:
    read_model = ReadModel(ReadModelDatabase(*place), store)
    try:
        other = read_model.index.forget_another()
        if other is not None and not read_model.index.outdated(other):
            _keep_evidence(url, place.path, store, other)
        read_model.follow()
    except BaseException:
        read_model.close()
        raise
    return read_model


def _keep_evidence(url: str, path: Path, store: Store, other: Anchor) -> None:
    """Say that the read model knew another history, and keep that beside the ledger's key."""
    _log.warning(
        Message(
            "tally: the read model %s was made of another ledger, or of this one before an older "
            "copy took its place: it went up to position %s; it is made again, see `tally check`"
        ),
        path,
        other.position,
    )
    head = KeptHead.of(url)
    if head is not None:
        head.advance(store, other.position, other.leaf)
