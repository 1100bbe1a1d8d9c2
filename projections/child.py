"""A copy of this process that works beside it and tells what it finds through a pipe."""

from __future__ import annotations

import os
import pickle
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from ledger.watching import watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


_ROOM = 1 << 20
"""Bytes that a child may tell before somebody listens: so it need not wait to come to its end."""


class Child:
    """As a context it is ended, if it has not come to its end by then."""

    def __init__(self, work: Callable[[], Iterable[object]]) -> None:
        """Begins the work.

        Args:
            work: yields, in the child, what is told one after the other.

        Raises:
            ChildProcessError: the system has no room for another process.
        """
        import fcntl  # noqa: PLC0415 - not on every system

        try:
            read, write = os.pipe()
        except OSError as error:
            raise ChildProcessError from error
        with suppress(OSError):
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, _ROOM)
        try:
            self._pid = os.fork()
        except OSError as error:
            os.close(read)
            os.close(write)
            raise ChildProcessError from error
        if self._pid == 0:
            status = 1
            try:
                os.close(read)
                # Of two bars on one terminal none could be read.
                with os.fdopen(write, "wb") as pipe, watching(None):
                    for found in work():
                        pickle.dump(found, pipe, pickle.HIGHEST_PROTOCOL)
                        pipe.flush()
                status = 0
            finally:
                # Neither the parent's buffers nor its exit handlers are the child's to run.
                os._exit(status)
        os.close(write)
        self._pipe = os.fdopen(read, "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._pipe.closed:
            self._pipe.close()
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._ended()

    def told(self) -> Any:
        """What it tells next.

        Raises:
            ChildProcessError: it failed.
        """
        try:
            return pickle.load(self._pipe)  # noqa: S301 - of our own child
        except (EOFError, pickle.UnpicklingError) as error:
            raise ChildProcessError from error

    def end(self) -> None:
        """Waits for its end.

        Raises:
            ChildProcessError: it failed.
        """
        self._pipe.close()
        if not self._ended():
            raise ChildProcessError

    def _ended(self) -> bool:
        """Waits for its end; whether that was a good one, as far as the system tells."""
        try:
            return os.waitpid(self._pid, 0)[1] == 0
        except ChildProcessError:
            # Where nobody is told of children that end, a whole answer says enough.
            return True
