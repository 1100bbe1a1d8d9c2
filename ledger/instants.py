"""Recorded times as the ledger writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from ledger.message import Message
from ledger.vocabulary import OFFICE_TIME


def instant_text(value: datetime) -> str:
    """Return a recorded time in UTC with microseconds: 2026-03-01T02:00:00.000000Z."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@lru_cache(4096)  # an import has one time for all of its events
def instant_of(text: str) -> datetime:
    """Return the recorded time that `text` gives, in UTC.

    Raises:
        ValueError: `text` is no time, or has no offset.
    """
    found = datetime.fromisoformat(text)
    if found.tzinfo is UTC:
        return found
    if found.tzinfo is None:
        raise ValueError(Message("{text!r} has no offset", text=text))
    try:
        return found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from None


def office_minute(time: datetime) -> str:
    """Return a time for people to read in a sentence, as the office's clock shows it."""
    return f"{time.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}"
