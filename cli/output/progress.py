"""A progress bar on standard error for what takes long; quiet where that is no terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.language import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def watching(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Gives a function to call with what is done and what there is; None where nobody looks.

    The bar appears with the first call, so that what is over before shows none.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = None

        def show(done: int, total: int) -> None:
            nonlocal task
            if task is None:
                task = bar.add_task(tell(what), total=total)
            bar.update(task, completed=done, total=total)

        yield show
