"""The read model: an index of a ledger and cached scores, in a file of its own that may be deleted.

It holds nothing that is not derived from the ledger's events: which entries belong together, and
scores. All of it is authenticated under a key that is kept elsewhere (`sealing.py`), together with
the code and rules that made it and the ledger's history that it was made of; `tally check` compares
it with a full replay.
"""

from __future__ import annotations

import sqlite3

from ledger.errors import StoreError

SMALL = 20_000
"""Events up to which a ledger is replayed whole: no read model would answer sooner."""

WITNESSES = 64
"""Entries that the index names for each assessment year: the earliest recorded ones."""


class ReadModelError(StoreError):
    """The read model cannot be used: the ledger is read without it, and it can be rebuilt."""

    is_forged = False
    """True if authentication failed: a person is told that another program wrote into it."""

    def is_busy(self) -> bool:
        """Return whether it failed only because another process writes into it."""
        cause: BaseException | None = self
        while cause is not None and not isinstance(cause, sqlite3.Error):
            cause = cause.__cause__
        busy = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        return int(getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF in busy


class ForgedError(ReadModelError):
    """Authentication of the read model failed: a code does not fit, or rows are missing."""

    is_forged = True
