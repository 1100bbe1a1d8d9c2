"""A pool of processes of this machine, each with a chunk at a time."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ledger.errors import TallyError
from ledger.message import Message
from projections.region.engines.engine import Done
from projections.region.folding import fold_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class KilledError(TallyError):
    """A process of the pool ended while it folded."""

    def __init__(self) -> None:
        super().__init__(Message("the process that folded it was killed or crashed."))


class Local:
    """Runs chunks in processes of this machine, as many as there are cores by default.

    A process that is killed breaks the pool of the library: those chunks are lost that its
    processes had at that moment, one each, and a new pool runs the others.
    """

    def __init__(self, processes: int | None = None) -> None:
        """Take the number of processes."""
        self._processes = processes or os.cpu_count() or 1

    def run(self, chunks: Sequence[list[bytes]]) -> Iterator[Done]:
        """Run all chunks; see `Engine.run`."""
        left = list(range(len(chunks)))[::-1]
        while left:
            with self._pool(len(left)) as pool:
                try:
                    yield from self._run(pool, chunks, left)
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Do nothing: a pool ends with its run."""

    def _run(
        self, pool: ProcessPoolExecutor, chunks: Sequence[list[bytes]], left: list[int]
    ) -> Iterator[Done]:
        """Run what is left, as many chunks at a time as there are processes, until one breaks."""
        running = dict[Future[list[bytes]], int]()
        broken = False
        while running or (left and not broken):
            while left and not broken and len(running) < self._processes:
                number = left.pop()
                try:
                    running[pool.submit(fold_chunk, chunks[number])] = number
                except BrokenProcessPool:
                    left.append(number)
                    broken = True
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                number = running.pop(future)
                try:
                    yield Done(number, future.result())
                except BrokenProcessPool:
                    broken = True
                    yield Done(number, None, KilledError())

    def _pool(self, most: int) -> ProcessPoolExecutor:
        # Never by fork: the asker may have threads and open connections.
        context = get_context("spawn" if sys.platform == "win32" else "forkserver")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload([fold_chunk.__module__])
        number = min(self._processes, most)
        return ProcessPoolExecutor(number, mp_context=context, initializer=_leave_interrupts)


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the process that asks: it ends the pool once what runs is done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
