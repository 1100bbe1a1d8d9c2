"""Progress of long iterations, reported to a display if one is set."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")


class ProgressDisplay(Protocol):
    """Display of the progress of an iteration."""

    def __call__(
        self, items: Iterable[Item], what: str, total: Callable[[], int | None]
    ) -> Iterator[Item]:
        """Yield the items unchanged, in their order.

        Args:
            items: what is iterated over.
            what: a word for the work, as `hashing`.
            total: returns the number of items; called only if it is shown.
        """


_DISPLAY: ContextVar[ProgressDisplay | None] = ContextVar("display", default=None)


def with_progress(
    items: Iterable[Item], what: str, total: Callable[[], int | None]
) -> Iterable[Item]:
    """Return the items, by way of the display if one is set."""
    display = _DISPLAY.get()
    return items if display is None else display(items, what, total)


@contextmanager
def progress_shown_by(display: ProgressDisplay | None) -> Iterator[None]:
    """Set the display of all iterations that begin within the context; None: no display."""
    token = _DISPLAY.set(display)
    try:
        yield
    finally:
        _DISPLAY.reset(token)
