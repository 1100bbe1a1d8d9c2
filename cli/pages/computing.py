"""What takes seconds to compute: on a thread beside that of the pages, which show how far it is."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from ledger.progress import progress_shown_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from threading import Lock

Value = TypeVar("Value")
Item = TypeVar("Item")


_LOOK = 0.2
"""Seconds between two looks of a computation that waits for its turn at whether it is abandoned."""


class AbandonedError(Exception):
    """Nobody asks for the value any more."""


class Computation(Generic[Value]):
    """A value that is being computed; the function must read nothing of an open ledger."""

    def __init__(self, compute: Callable[[], Value], turn: Lock | None) -> None:
        """Begin once it is its turn.

        Args:
            compute: returns the value.
            turn: held by the one computation that runs; None to compute here and now.
        """
        self.done = 0
        """Steps that are completed."""
        self.steps: int | None = None
        """All steps; None while that is not known."""
        self._compute, self._future = compute, Future[Value]()
        self._is_abandoned = False
        if turn is None:
            self._future.set_result(compute())
        else:
            # A daemon: a server that ends does not wait for it.
            Thread(target=self._run, args=(turn,), daemon=True, name="computing").start()

    def value(self, patience: float | None) -> Value | None:
        """Return the value; None if it is not there after so many seconds.

        Raises:
            Exception: what the function raised.
        """
        try:
            return self._future.result(patience)
        except TimeoutError:
            return None

    def has_failed(self) -> bool:
        """Return whether the value cannot be had."""
        return self._future.done() and self._future.exception() is not None

    def abandon(self) -> None:
        """Stop at the next step; do not begin if that was not done."""
        self._is_abandoned = True

    def _run(self, turn: Lock) -> None:
        has_turn = False
        while not (has_turn or self._is_abandoned):
            has_turn = turn.acquire(timeout=_LOOK)
        try:
            if self._is_abandoned:
                raise AbandonedError
            with progress_shown_by(self._counting):
                self._future.set_result(self._compute())
        except BaseException as error:  # noqa: BLE001 - whoever asks for the value gets it
            self._future.set_exception(error)
        finally:
            if has_turn:
                turn.release()

    def _counting(
        self, items: Iterable[Item], what: str, total: Callable[[], int | None]
    ) -> Iterator[Item]:
        """Yield items and count them; see `ProgressDisplay`."""
        del what
        self.done, self.steps = 0, total()
        for item in items:
            if self._is_abandoned:
                raise AbandonedError
            yield item
            self.done += 1
