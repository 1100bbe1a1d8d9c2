"""Opening a ledger's view: made where there is none, caught up, and done without where it cannot be."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.places import place_beside
from ledger.view.index import Index
from ledger.view.lookup import Lookup
from ledger.view.recorder import ViewRecorder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.stores import Store

_log = logging.getLogger("tally")


def view_path(url: str) -> Path:
    """Where the view of the ledger at a URL lies: `tally.db.view`, or in the user's cache."""
    return place_beside(url, ".view", "XDG_CACHE_HOME", ".cache")


class View:
    """A view that has caught up with its ledger."""

    def __init__(self, recorder: ViewRecorder, store: Store, position: int) -> None:
        """Made by `open_view`."""
        self.recorder = recorder
        self.position = position
        """The ledger's last position when the view was opened."""
        self.lookup = Lookup(recorder, store)

    def close(self) -> None:
        """Closes the view's file."""
        self.recorder.close()


def open_view(
    url: str, store: Store, progress: Callable[[int, int], None] | None = None
) -> View | None:
    """The view of an open ledger, caught up; None where its file cannot be used.

    Args:
        url: the ledger, as it was named.
        store: the same, open.
        progress: called after each page with the events done and those there are.
    """
    path = view_path(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _caught_up(path, store, progress)
    except (StoreError, OSError) as error:
        # It is a help and never a need: whoever may only read does without.
        _log.info("tally: the view %s is not used: %s", path, error)
        return None


def _caught_up(path: Path, store: Store, progress: Callable[[int, int], None] | None) -> View:
    head = store.recorder.max_notification_id() or 0
    recorder = ViewRecorder(path)
    try:
        index = Index(recorder, store)
        if not index.is_of(head):
            recorder.close()
            ViewRecorder.remove(path)
            recorder = ViewRecorder(path)
            index = Index(recorder, store)
        index.catch_up(head, None if progress is None else lambda done: progress(done, head))
    except BaseException:
        recorder.close()
        raise
    return View(recorder, store, head)
