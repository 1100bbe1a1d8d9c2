"""Write a file beside its place and put it there when it is whole: under its name or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMPANIONS = ("", "-wal", "-shm", "-journal")
"""Suffixes of a SQLite file and of what SQLite keeps beside it."""


def part_of(path: Path) -> Path:
    """Return the path beside a file under which this process writes it."""
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def remove_part(path: Path) -> None:
    """Remove what this process has written beside a file."""
    part = part_of(path)
    for suffix in COMPANIONS:
        written = part.with_name(part.name + suffix)
        # On a read-only file system even what is not there cannot be removed.
        if os.path.lexists(written):
            written.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Remove what processes have left beside a file that were killed while they wrote it.

    On Windows it cannot be told whether a process is still there; there they stay.
    """
    for pid, found in _parts(path) if os.name == "posix" else ():
        if not _is_running(pid):
            found.unlink(missing_ok=True)


def others(path: Path) -> list[Path]:
    """Return what other processes are writing beside a file, or left there."""
    ours = part_of(path)
    return [found for pid, found in _parts(path) if found.suffix == ours.suffix and found != ours]


def _parts(path: Path) -> list[tuple[int, Path]]:
    """Return the parts beside a file and what SQLite keeps of them, each with its process."""
    found = []
    for one in path.parent.iterdir():
        rest = one.name.removeprefix(f"{path.name}.")
        pid, dot, suffix = rest.partition(".part")
        if rest != one.name and dot and pid.isdecimal() and suffix in COMPANIONS:
            found.append((int(pid), one))
    return found


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it is somebody else's
        return True
    return True


def is_free(path: Path) -> bool:
    """Return whether a file can be put at a path: nothing is there, or an empty file."""
    return not path.exists() or (path.is_file() and not path.stat().st_size)


def put_in_place(path: Path) -> None:
    """Give what this process has written beside a file the file's own name; flush it to the disk.

    Raises:
        FileExistsError: there is one by now, which stays.
        OSError: the file system refuses.
    """
    part = part_of(path)
    sync(part)
    try:
        os.link(part, path)  # never overwrites
    except FileExistsError:
        if not is_free(path):
            raise
        part.replace(path)
    except OSError:  # a file system without links, such as that of a stick
        path.touch(exist_ok=False)
        part.replace(path)
    part.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file or a folder to the disk; a folder where the system can."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
