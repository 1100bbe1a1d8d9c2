"""Time limits for a busy store, and the warning while waiting for it."""

from __future__ import annotations

from ledger.message import Message

LOCK_TIMEOUT = 10
"""Seconds to wait for another writer before giving up."""

WARN_AFTER = 1
"""Seconds to wait before warning the user."""

RETRY_INTERVAL = 0.02
"""Seconds between two attempts at a busy file, at most.

Attempts come at random times, so that no writer waits long because others ask in step with it.
"""

_BUSY = Message("tally: %s is busy: another program writes; waiting up to %s s.")


def warn_busy(url: str) -> None:
    """Log that the program waits and has not stopped, by default on standard error."""
    import logging  # noqa: PLC0415 - seldom

    logging.getLogger("tally").warning(_BUSY, url, LOCK_TIMEOUT)


def advice() -> str:
    """Return what to do once the time is up."""
    return Message(
        "it was busy for over {seconds} s; try again when others are done", seconds=LOCK_TIMEOUT
    )
