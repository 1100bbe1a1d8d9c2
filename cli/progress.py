"""A bar on standard error for all that takes over a second; quiet where that is no terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from cli.language import tell
from ledger.watching import watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress, TaskID

Item = TypeVar("Item")

LONG = 1.0
"""Seconds from which a person wants to know that something goes on."""

_SURE = 0.3
"""Seconds after which a walk's speed says how long all of it will take."""

_OFTEN = 0.1
"""Seconds between two steps of a bar."""


class _Display:
    """The one live display of the process: it is there while there is a task to show."""

    def __init__(self) -> None:
        self._lock, self._tasks = Lock(), set[int]()
        self._progress: Progress | None = None

    def add(self, what: str, total: int | None) -> TaskID:
        """Begins to show a task; one of unknown length as a bar that only moves."""
        from rich.console import Console  # noqa: PLC0415 - only where it is shown
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        with self._lock:
            if self._progress is None:
                columns = TaskProgressColumn(show_speed=False), TimeRemainingColumn()
                self._progress = Progress(
                    *(TextColumn("{task.description}"), BarColumn(), *columns),
                    console=Console(stderr=True),
                    transient=True,
                    # What a command prints is its output, and no part of a bar.
                    redirect_stdout=False,
                    redirect_stderr=False,
                )
                self._progress.start()
            task = self._progress.add_task(tell(what), total=total)
            self._tasks.add(task)
            return task

    def move(self, task: TaskID, completed: int) -> None:
        """Shows how far a task has come."""
        if self._progress is not None:
            self._progress.update(task, completed=completed)

    def remove(self, task: TaskID) -> None:
        """Shows a task no longer; with the last of them the display goes."""
        with self._lock:
            assert self._progress is not None, f"task {task} was never shown"
            self._progress.remove_task(task)
            self._tasks.discard(task)
            if not self._tasks:
                self._progress.stop()
                self._progress = None


_DISPLAY = _Display()


def is_shown() -> bool:
    """Whether anybody could see a bar."""
    return sys.stderr.isatty()


def _watch(items: Iterable[Item], what: str, total: Callable[[], int | None]) -> Iterator[Item]:
    """The items, with a bar once it is clear that all of them take long."""
    begun = last = monotonic()
    count: int | None = None
    task: TaskID | None = None
    try:
        for number, item in enumerate(items):
            now = monotonic()
            if now - last > _OFTEN and now - begun > _SURE:
                last = now
                if count is None:
                    told = total()
                    # A damaged ledger may say anything of its size.
                    count = told if isinstance(told, int) and told > number else number + 1
                if task is None and (now - begun) * count > LONG * number:
                    task = _DISPLAY.add(what, count)
                if task is not None:
                    _DISPLAY.move(task, number)
            yield item
    finally:
        if task is not None:
            _DISPLAY.remove(task)


@contextmanager
def advancing(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar that whoever does the work moves on, once it is clear that all of it takes long.

    Args:
        what: a word for it.
        total: the steps that there are, as bytes of a file; 0 where nobody knows.
    """
    if not is_shown():
        yield lambda _: None
        return
    begun, done = monotonic(), 0
    task: TaskID | None = None

    def advance(steps: int) -> None:
        nonlocal done, task
        done += steps
        gone = monotonic() - begun
        if task is None and gone > _SURE and gone * max(total, done) > LONG * done:
            task = _DISPLAY.add(what, total or None)
        if task is not None:
            _DISPLAY.move(task, done)

    try:
        yield advance
    finally:
        if task is not None:
            _DISPLAY.remove(task)


@contextmanager
def bars() -> Iterator[None]:
    """While a command runs: a bar for each of its walks that takes long, if anybody sees it."""
    with watching(_watch if is_shown() else None):
        yield


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """A moving bar from the first second on, for what cannot be counted. Nothing may print."""
    if not is_shown():
        yield
        return
    tasks: list[TaskID] = []
    timer = Timer(LONG, lambda: tasks.append(_DISPLAY.add(what, None)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for task in tasks:
            _DISPLAY.remove(task)
