"""Look where a SQLite ledger ends without locks, while nobody has it open."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.stores.sqlite_schema import APPLICATION_ID, VERSION
from ledger.stores.sqlite_url import file_uri

if TYPE_CHECKING:
    from pathlib import Path

_OPEN = ("-wal", "-shm", "-journal")
"""Files that are beside a ledger while it is open, or after a crash."""


def quiet_position(path: Path) -> int | None:
    """Return the position of the last event, or 0, by a third of the work of `SQLiteStore`.

    A file in WAL mode is all there is while nobody has it open: then it is read as if it could not
    change, and looked at again afterwards.

    Returns:
        None if it is open, changed meanwhile, is reached by other names or is no ledger of this
        schema: open it, which says what is wrong.
    """
    try:
        before = _quiet(path)
        if before is None:
            return None
        uri = f"{file_uri(path)}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            ((application,),) = connection.execute("PRAGMA application_id")
            ((version,),) = connection.execute("PRAGMA user_version")
            if (application, version) != (APPLICATION_ID, VERSION):
                return None
            ((head,),) = connection.execute("SELECT MAX(position) FROM stored_events")
        return (head or 0) if _quiet(path) == before else None
    except (OSError, sqlite3.Error):
        return None


def _quiet(path: Path) -> tuple[int, ...] | None:
    """Return what changes with the file; None if it is open, a link, or has several names."""
    found, name = os.lstat(path), os.fspath(path)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        return None  # its log may be beside another name
    if any(os.path.lexists(f"{name}{suffix}") for suffix in _OPEN):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
