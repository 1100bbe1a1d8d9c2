"""Compute pages on one thread beside the event loop, within bounds, for clients that wait.

A session has one connection, which one thread at a time may use. Static files and refusals are
answered by the event loop while a page is computed.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar

from starlette.requests import ClientDisconnect

from ledger.errors import StoreError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

Result = TypeVar("Result")

MOST_WAITING = 16
"""Requests that may wait for the thread, the one that it computes included."""
PATIENCE = 60.0
"""Seconds after which a request that still waits is refused."""
_LOOK = 0.2
"""Seconds between two looks at whether a client is still there."""


class BusyError(StoreError):
    """Too many pages are asked for at once."""

    def __init__(self) -> None:
        super().__init__(Message("other pages are being computed; try again in a moment"))


class Workload:
    """The thread that computes pages, and the requests that wait for it."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        """Start without a thread; the first page starts it.

        Args:
            most: requests that may wait.
        """
        self._thread = ThreadPoolExecutor(1, "pages")
        self._waiting, self._most = 0, most

    def close(self) -> None:
        """Wait for what is computed, and drop what has not begun."""
        self._thread.shutdown(cancel_futures=True)

    async def run(self, request: Request, compute: Callable[[], Result]) -> Result:
        """Return what a function computes on the thread; drop it if its client goes before.

        Raises:
            BusyError: too many requests wait, or this one has waited for too long.
            ClientDisconnect: the client is gone.
        """
        if self._waiting >= self._most:
            raise BusyError
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        self._waiting += 1
        try:
            work = self._thread.submit(copy_context().run, compute)
            done = asyncio.wrap_future(work)
            while not (await asyncio.wait({done}, timeout=_LOOK))[0]:
                gone = await request.is_disconnected()
                if gone or loop.time() > until:
                    work.cancel()  # it does not end a computation that has begun
                    raise ClientDisconnect if gone else BusyError
            return done.result()
        finally:
            self._waiting -= 1
