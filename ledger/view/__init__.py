"""The materialised view: made of a ledger to find and show things sooner; it can be dropped.

It lies outside the ledger, in a file of its own, and holds nothing that is not made of the
ledger's events: an index of which entries belong together, and pages of scores. It is versioned
with the code and the rulebook that made it, bound to the ledger by the last row that it has
seen, and `tally check` compares it with a full replay.
"""

from __future__ import annotations

import sqlite3

from ledger.errors import StoreError

SMALL = 20_000
"""Events up to which a ledger is replayed whole: no view would answer sooner."""

WITNESSES = 64
"""Entries that the index names of each assessment year, the earliest recorded ones."""


class ViewError(StoreError):
    """A view that cannot be used: the ledger is read without it, and it can be made anew."""

    def is_busy(self) -> bool:
        """Whether it is only that somebody else writes into it."""
        cause: BaseException | None = self
        while cause is not None and not isinstance(cause, sqlite3.Error):
            cause = cause.__cause__
        busy = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        return int(getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF in busy
