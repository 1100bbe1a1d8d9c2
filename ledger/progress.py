"""Long walks that somebody may watch: over what, how far, of how much. Shows nothing itself."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")


class ProgressDisplay(Protocol):
    """Whoever wants to know how far a walk has come."""

    def __call__(
        self, items: Iterable[Item], what: str, total: Callable[[], int | None]
    ) -> Iterator[Item]:
        """The very items, in their order.

        Args:
            items: what is walked over.
            what: a word for it: `hashing`.
            total: how many there will be, asked for only where it is shown.
        """


_WATCHER: ContextVar[ProgressDisplay | None] = ContextVar("watcher", default=None)


def with_progress(
    items: Iterable[Item], what: str, total: Callable[[], int | None]
) -> Iterable[Item]:
    """The items themselves where nobody watches; else by way of whoever does."""
    watcher = _WATCHER.get()
    return items if watcher is None else watcher(items, what, total)


@contextmanager
def progress_shown_by(watcher: ProgressDisplay | None) -> Iterator[None]:
    """Lets a watcher see all walks that begin meanwhile; None: nobody."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)
