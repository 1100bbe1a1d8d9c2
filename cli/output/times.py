"""Recorded times as people read them: in the office's time, UTC+08:00."""

from __future__ import annotations

from ledger.instants import instant_of
from ledger.vocabulary import OFFICE_TIME


def office_time(text: str) -> str:
    """Return a recorded time as the office's, as `--as-of` reads it too: 2026-03-01 10:00:00."""
    return f"{instant_of(text).astimezone(OFFICE_TIME):%Y-%m-%d %H:%M:%S}"


def office_minute(text: str) -> str:
    """Return the same without seconds if they are 0."""
    return office_time(text).removesuffix(":00")
