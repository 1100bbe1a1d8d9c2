"""Read small files within a bound: no device without an end, no pipe that nobody writes to."""

from __future__ import annotations

import errno
import stat
from typing import TYPE_CHECKING

from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

SMALL = 1_000_000
"""Bytes of a key or a checkpoint at most; a real one has less than a thousandth."""

LARGE = 100_000_000
"""Bytes of a proof, a template or a file of a measure at most."""


def read_bounded(path: Path, most: int = SMALL, *, pipe: bool = False) -> bytes:
    """Return the bytes of a file.

    Args:
        path: the file.
        most: how many bytes it may have.
        pipe: whether it may be a pipe, as a shell's `<(…)` is; else nobody waits for one.

    Raises:
        OSError: it cannot be read, is something else than a file, or is longer.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return path.read_bytes()  # raises the system's own error
    if not stat.S_ISREG(mode) and not (pipe and stat.S_ISFIFO(mode)):
        raise OSError(errno.EINVAL, Message("it is not a file, but a device or a pipe"), str(path))
    with path.open("rb") as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise OSError(errno.EFBIG, Message("it has more than {most} bytes", most=most), str(path))
    return found
