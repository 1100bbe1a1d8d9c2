"""SQLite's own errors: a busy file is waited for, the rest are messages for a person."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from ledger.errors import StoreError
from ledger.saying import Said
from ledger.stores import patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_ADVICE = {
    sqlite3.SQLITE_READONLY: Said(
        "it may only be read; check the rights of the file and of its folder"
    ),
    sqlite3.SQLITE_PERM: Said("check the rights of the file and of its folder"),
    sqlite3.SQLITE_CANTOPEN: Said(
        "check that the file is there and that you may write in its folder, which SQLite needs "
        "even to read"
    ),
    sqlite3.SQLITE_FULL: Said("the disk is full; make room and try again"),
    sqlite3.SQLITE_IOERR: Said(
        "the disk cannot be read or written; check it, its space and its rights"
    ),
    sqlite3.SQLITE_CORRUPT: Said("it is damaged; run `tally check`, and restore it from a backup"),
    sqlite3.SQLITE_NOTADB: Said("it is damaged or something else; restore it from a backup"),
}


def is_busy(error: BaseException) -> bool:
    """Whether another connection holds what is needed."""
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def telling_faults(url: str) -> Iterator[None]:
    """Turns the store's errors into `StoreError`, and a broken key into the library's error.

    Raises:
        IntegrityError: a trigger or key of the ledger refused a row.
        StoreError: everything else.
    """
    try:
        yield
    except Exception as error:
        told = _told(url, error)
        if told is None:
            raise
        raise told from error


def _told(url: str, error: Exception) -> Exception | None:
    """What is said of an error instead; None where it is none of the store's, or said already."""
    # Only where something is wrong: whoever only reads does not wait for the library.
    from eventsourcing.persistence import IntegrityError, PersistenceError  # noqa: PLC0415

    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityError(error)
    if isinstance(error, IntegrityError):
        return None
    if isinstance(error, (PersistenceError, sqlite3.Error)):
        return _advised(url, error)
    if isinstance(error, UnicodeDecodeError):
        # sqlite3 cannot even tell what SQLite says when that quotes a damaged name.
        advice = _ADVICE[sqlite3.SQLITE_CORRUPT]
        return StoreError(Said("{url}: {advice}. Nothing was written.", url=url, advice=advice))
    if isinstance(error, OSError):
        return StoreError(Said("{url}: {why}. Nothing was written.", url=url, why=error.strerror))
    return None


def _advised(url: str, error: Exception) -> StoreError:
    if is_busy(error) or isinstance(error, TimeoutError):
        advice = Said(
            "it was busy for over {seconds} s; try again when others are done",
            seconds=patience.LOCK_TIMEOUT,
        )
    else:
        advice = _ADVICE.get(_code(error), Said("look at the file, its folder and the disk"))
    return StoreError(
        Said(
            "{url}: {error}; {advice}. Nothing was written.",
            url=url,
            error=error,
            advice=advice,
        )
    )


def patiently(url: str, attempt: Callable[[], T]) -> T:
    """Tries until the store is free, tells the user once, and gives up after `LOCK_TIMEOUT`."""
    began = time.monotonic()
    told = False
    while True:
        try:
            return attempt()
        except Exception as error:
            waited = time.monotonic() - began
            if not is_busy(error) or waited > patience.LOCK_TIMEOUT:
                raise
        if waited > patience.FIRST_WORD and not told:
            patience.tell_waiting(url)
            told = True
        time.sleep(random.random() * patience.SPACING)  # noqa: S311 - mere spacing


def _code(error: BaseException) -> int:
    """SQLite's primary result code, through the library's wrapping; 0 when there is none."""
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    return int(getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF
