"""Opening a ledger's view: made where there is none, followed, done without if need be."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from eventsourcing.persistence import PersistenceError

from ledger.message import Message
from ledger.sidecar_paths import sidecar_path
from ledger.view import ViewError
from ledger.view.index import Index
from ledger.view.lookup import Lookup
from ledger.view.recorder import ViewRecorder

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.stores import Store


_log = logging.getLogger("tally")


def view_path(url: str) -> Path:
    """Where the view of the ledger at a URL lies: `tally.db.view`, or in the user's cache."""
    return sidecar_path(url, ".view", "XDG_CACHE_HOME", ".cache")


def drop_view(url: str) -> None:
    """Drops what was kept of a ledger that stood at a URL before; what cannot be, shows itself."""
    with suppress(OSError):
        ViewRecorder.remove(view_path(url))


class View:
    """A view that follows its ledger."""

    def __init__(self, recorder: ViewRecorder, store: Store) -> None:
        """Made by `open_view`."""
        self.recorder = recorder
        self._store = store
        self.index = Index(recorder, store)
        self.lookup = Lookup(recorder, store)
        self.position = 0
        """The ledger's last position when the view last followed it."""

    def follow(self) -> int:
        """Takes in what was appended since; returns the ledger's last position."""
        head = self._store.recorder.max_notification_id() or 0
        self.index.catch_up(head)
        self.position = head
        return head

    def give_up(self, error: ViewError) -> None:
        """Drops a view that turned out to be broken; whoever comes next makes it anew."""
        _log.info(Message("tally: the view %s is dropped: %s"), self.recorder.path, error)
        self.close()
        if not error.is_busy():
            with suppress(OSError):
                ViewRecorder.remove(self.recorder.path)

    def close(self) -> None:
        """Closes the view's file."""
        self.recorder.close()


def open_view(url: str, store: Store) -> View | None:
    """The view of an open ledger, caught up; None where its file cannot be used.

    Args:
        url: the ledger, as it was named.
        store: the same, open.
    """
    path = view_path(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _caught_up(path, store)
        except ViewError as error:
            if error.is_busy():
                raise
            ViewRecorder.remove(path)
            return _caught_up(path, store)
    except (ViewError, PersistenceError, OSError) as error:
        # It is a help and never a need: whoever may only read does without.
        _log.info(Message("tally: the view %s is not used: %s"), path, error)
        return None


def _caught_up(path: Path, store: Store) -> View:
    view = View(ViewRecorder(path), store)
    try:
        view.index.forget_another()
        view.follow()
    except BaseException:
        view.close()
        raise
    return view
