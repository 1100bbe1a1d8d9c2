"""Waiting for a busy store: how long, and the word to the user meanwhile."""

from __future__ import annotations

import logging

from ledger.saying import Said

LOCK_TIMEOUT = 10
"""Seconds to wait for another writer before giving up."""

FIRST_WORD = 1
"""Seconds to wait before the user hears of it."""

SPACING = 0.02
"""Seconds between two attempts at a busy file, more or less: nobody is to wait for his turn long
because others happen to ask at the right moment."""

_BUSY = Said("tally: %s is busy: another program writes; waiting up to %s s.")

_log = logging.getLogger("tally")


def tell_waiting(url: str) -> None:
    """Says that the program waits and has not stopped; on standard error, unless told otherwise."""
    _log.warning(_BUSY, url, LOCK_TIMEOUT)
