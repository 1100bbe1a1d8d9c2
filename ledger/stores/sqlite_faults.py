"""Retry while SQLite is busy; translate its other errors into messages for a person."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from ledger.message import Message
from ledger.stores import busy
from ledger.stores.errors import StoreFaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_CHECK_FILE = Message("check the file, its folder and the disk")
_DAMAGED = Message("it is damaged; run `tally check`, and restore it from a backup")
_ADVICE = {
    sqlite3.SQLITE_READONLY: Message(
        "it is read-only; check the rights of the file and of its folder"
    ),
    sqlite3.SQLITE_PERM: Message("check the rights of the file and of its folder"),
    sqlite3.SQLITE_CANTOPEN: Message(
        "check that the file exists and that you may write in its folder, which SQLite needs "
        "even to read"
    ),
    sqlite3.SQLITE_FULL: Message("the disk is full; make room and try again"),
    sqlite3.SQLITE_IOERR: Message(
        "the disk cannot be read or written; check it, its space and its rights"
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: Message("it is damaged or something else; restore it from a backup"),
}


def is_busy(error: BaseException) -> bool:
    """Return whether another connection holds a lock that is needed."""
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def translate_faults(url: str) -> Iterator[None]:
    """Raise errors of the file as `StoreFaultError`, and a broken key as eventsourcing's error.

    Raises:
        IntegrityError: a trigger or key of the ledger rejected a row.
        StoreFaultError: any other error of SQLite or of the operating system.
    """
    try:
        yield
    except Exception as error:
        translated = _translated(url, error)
        if translated is None:
            raise
        raise translated from error


def _translated(url: str, error: Exception) -> Exception | None:
    """Return the error to raise instead, or None if this one is not of the file."""
    # Imported only on an error, so that commands that read do not wait for it.
    from eventsourcing.persistence import IntegrityError, PersistenceError  # noqa: PLC0415

    if isinstance(error, sqlite3.IntegrityError):
        return IntegrityError(error)
    if isinstance(error, IntegrityError):
        return None
    if isinstance(error, (PersistenceError, sqlite3.Error)):
        return StoreFaultError(url, error, _advice(error))
    if isinstance(error, UnicodeDecodeError):
        # sqlite3 cannot decode SQLite's own message if that quotes a damaged name.
        return StoreFaultError(url, Message("it holds text that is not UTF-8"), _DAMAGED)
    if isinstance(error, OSError):
        return StoreFaultError(url, error.strerror, _CHECK_FILE)
    return None


def _advice(error: Exception) -> str:
    if is_busy(error) or isinstance(error, TimeoutError):
        return busy.advice()
    return _ADVICE.get(_code(error), _CHECK_FILE)


def retry_while_busy(url: str, attempt: Callable[[], T]) -> T:
    """Repeat an attempt until the file is free; warn once; give up after `LOCK_TIMEOUT`."""
    began = time.monotonic()
    warned = False
    while True:
        try:
            return attempt()
        except Exception as error:
            waited = time.monotonic() - began
            if not is_busy(error) or waited > busy.LOCK_TIMEOUT:
                raise
        if waited > busy.WARN_AFTER and not warned:
            busy.warn_busy(url)
            warned = True
        time.sleep(random.random() * busy.RETRY_INTERVAL)  # noqa: S311 - no secret


def _code(error: BaseException) -> int:
    """Return SQLite's primary result code, also of a wrapped error; 0 if there is none."""
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    return int(getattr(cause, "sqlite_errorcode", 0) or 0) & 0xFF
