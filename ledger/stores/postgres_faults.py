"""Translate PostgreSQL's errors into messages for a person."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from eventsourcing.persistence import IntegrityError, PersistenceError
from psycopg import errors
from psycopg_pool import PoolTimeout

from ledger.errors import NotALedgerError, StoreError
from ledger.message import Message
from ledger.stores import busy
from ledger.stores.errors import StoreFaultError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADVICE: dict[type[BaseException], Message] = {
    errors.InsufficientPrivilege: Message(
        "this role lacks the right; the ledger's owner grants it: to append with `tally init "
        "--grant ROLE`, and `--checkpoints` to whoever signs; to read alone with GRANT USAGE ON "
        "SCHEMA … TO ROLE and GRANT SELECT ON ALL TABLES IN SCHEMA … TO ROLE"
    ),
    errors.UndefinedFunction: Message(
        "an earlier tally made this ledger; its owner runs `tally init --upgrade` once, then it "
        "can be written"
    ),
    errors.DatetimeFieldOverflow: Message(
        "set the clock of this computer; only the ledger's owner may write by another than the "
        "server's"
    ),
    errors.CharacterNotInRepertoire: Message(
        "PostgreSQL keeps no text with a zero byte; keep such a ledger in a file"
    ),
    errors.DiskFull: Message("the server's disk is full; make room and try again"),
    errors.ReadOnlySqlTransaction: Message(
        "this server is read-only; name the one that accepts writes"
    ),
    errors.TooManyConnections: Message("the server has too many connections; try again later"),
    errors.QueryCanceled: Message("the server stopped it; try again, or ask who runs the server"),
    errors.InvalidCatalogName: Message("create the database first (`createdb`)"),
}

_CONNECTING = [
    ("password", Message("check the user and the password (URL, PGPASSWORD or ~/.pgpass)")),
    ("database", Message("check the database's name, or create it first (`createdb`)")),
    ("role", Message("check the user in the URL")),
    ("resolve", Message("check the server's name in the URL")),
    ("translate host", Message("check the server's name in the URL")),
    ("", Message("check that the server runs and that host and port are right")),
]
"""Advice by a word of libpq's message, its only sign of the cause; in another language the last
line applies."""

_LOST = ("08", "57P", "25P03")
"""SQLSTATE prefixes: connection exceptions, shutdown of the server, idle transaction ended."""


class ConnectionLostError(StoreError):
    """The connection broke in the middle: whether the statement took effect is unknown."""


@contextmanager
def translate_faults(url: str) -> Iterator[None]:
    """Raise errors of the server as `StoreError`, and a broken key as eventsourcing's error.

    Raises:
        IntegrityError: a trigger or key of the ledger rejected a row.
        ConnectionLostError: the connection broke.
        NotALedgerError: a table is missing.
        StoreFaultError: any other error of psycopg or its pool.
    """
    try:
        yield
    except psycopg.IntegrityError as error:
        raise IntegrityError(_words(error)) from error
    except IntegrityError:
        raise
    except (PersistenceError, psycopg.Error) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        raise translated(url, cause or error) from error


def translated(url: str, error: BaseException) -> StoreError | NotALedgerError:
    """Return the error to raise instead of psycopg's."""
    words = _words(error) or type(error).__name__
    if isinstance(error, (errors.UndefinedTable, errors.InvalidSchemaName)):
        return NotALedgerError(url, Message("one of its tables is missing ({words})", words=words))
    if isinstance(error, PoolTimeout):
        fault = Message("the server does not answer ({words})", words=words)
        return StoreFaultError(url, fault, Message("check that it runs and try again"))
    if is_lost(error):
        return ConnectionLostError(
            Message("{url}: the connection to the server was lost ({words})", url=url, words=words)
        )
    if isinstance(error, errors.LockNotAvailable):
        return StoreFaultError(url, words, busy.advice())
    known = (advice for kind, advice in _ADVICE.items() if isinstance(error, kind))
    return StoreFaultError(url, words, next(known, Message("check the server and its log")))


def busy_fault(
    url: str, error: BaseException, holder: tuple[str, int] | None, doing: Message
) -> StoreFaultError:
    """Return the error for a lock that was not given, with who holds it.

    Args:
        url: the ledger.
        error: the server's.
        holder: a role and the number of its process on the server, if they are known.
        doing: what the role is doing.
    """
    advice = busy.advice()
    if holder is not None:
        advice = Message(
            "{advice}: role {role} {doing} (if it does not end, whoever runs the server ends it by "
            "SELECT pg_terminate_backend({pid}))",
            advice=advice,
            role=holder[0],
            doing=doing,
            pid=holder[1],
        )
    return StoreFaultError(url, _words(error), advice)


def _words(error: BaseException) -> str:
    """Return the server's words in one line, without its lines of source (CONTEXT)."""
    return " ".join(str(error).partition("\nCONTEXT:")[0].split())


def not_connected(url: str, error: psycopg.OperationalError) -> StoreFaultError:
    """Return the error for a connection that could not be opened."""
    words = _words(error)
    needs_password = error.pgconn is not None and error.pgconn.needs_password
    advice = next(advice for word, advice in _CONNECTING if word in words or needs_password)
    return StoreFaultError(url, words, advice)


def is_lost(error: BaseException) -> bool:
    """Return whether the connection broke: by the server's SQLSTATE, or without any."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(_LOST)
