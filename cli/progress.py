"""Show progress bars on standard error if it is a terminal and work takes long."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from cli.language import render
from ledger.progress import progress_shown_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress, TaskID

Item = TypeVar("Item")

LONG = 1.0
"""Seconds of expected work from which a bar is shown."""

_SURE = 0.3
"""Seconds after which the speed so far predicts the remaining time."""

_OFTEN = 0.1
"""Seconds between two updates of a bar."""


class _Display:
    """The one live display of the process; it runs while there is a task."""

    def __init__(self) -> None:
        self._lock, self._tasks = Lock(), set[int]()
        self._progress: Progress | None = None

    def add(self, what: str, total: int | None) -> TaskID:
        """Show a task; without a total its bar only moves."""
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
                    # Output of the command must not pass through the display.
                    redirect_stdout=False,
                    redirect_stderr=False,
                )
                self._progress.start()
            task = self._progress.add_task(render(what), total=total)
            self._tasks.add(task)
            return task

    def move(self, task: TaskID, completed: int) -> None:
        """Show how many steps of a task are completed."""
        if self._progress is not None:
            self._progress.update(task, completed=completed)

    def remove(self, task: TaskID) -> None:
        """Stop showing a task; stop the display with the last one."""
        with self._lock:
            assert self._progress is not None, f"task {task} was never added"
            self._progress.remove_task(task)
            self._tasks.discard(task)
            if not self._tasks:
                self._progress.stop()
                self._progress = None


_DISPLAY = _Display()


def is_shown() -> bool:
    """Return whether standard error is a terminal."""
    return sys.stderr.isatty()


def _watch(items: Iterable[Item], what: str, total: Callable[[], int | None]) -> Iterator[Item]:
    """Yield the items; show a bar if all of them will take long."""
    started = last = monotonic()
    count: int | None = None
    task: TaskID | None = None
    try:
        for number, item in enumerate(items):
            now = monotonic()
            if now - last > _OFTEN and now - started > _SURE:
                last = now
                if count is None:
                    stated = total()
                    # A damaged ledger may state a wrong size.
                    count = stated if isinstance(stated, int) and stated > number else number + 1
                if task is None and (now - started) * count > LONG * number:
                    task = _DISPLAY.add(what, count)
                if task is not None:
                    _DISPLAY.move(task, number)
            yield item
    finally:
        if task is not None:
            _DISPLAY.remove(task)


@contextmanager
def advancing(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that counts completed steps; show a bar if all will take long.

    Args:
        what: a word for the work.
        total: the number of steps, as bytes of a file; 0 if unknown.
    """
    if not is_shown():
        yield lambda _: None
        return
    started, done = monotonic(), 0
    task: TaskID | None = None

    def advance(steps: int) -> None:
        nonlocal done, task
        done += steps
        elapsed = monotonic() - started
        if task is None and elapsed > _SURE and elapsed * max(total, done) > LONG * done:
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
    """Show a bar for each iteration `with_progress` that will take long."""
    with progress_shown_by(_watch if is_shown() else None):
        yield


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show a moving bar after a second of uncountable work that prints nothing."""
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
