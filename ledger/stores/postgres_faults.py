"""PostgreSQL's own errors as messages for a person."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from eventsourcing.persistence import IntegrityError, PersistenceError
from psycopg import errors
from psycopg_pool import PoolTimeout

from ledger.errors import NotALedgerError, StoreError
from ledger.saying import Said
from ledger.stores import patience

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING = Said("Nothing was written.")

_ADVICE: dict[type[BaseException], Said] = {
    errors.InsufficientPrivilege: Said(
        "this role may not do that; its owner gives the rights with `tally init --grant ROLE`"
    ),
    errors.DiskFull: Said("the server's disk is full; make room and try again"),
    errors.ReadOnlySqlTransaction: Said(
        "this server may only be read; name the one that is written to"
    ),
    errors.TooManyConnections: Said("the server has too many connections; try again later"),
    errors.QueryCanceled: Said("the server stopped it; try again, or ask who runs the server"),
    errors.InvalidCatalogName: Said("make the database first (`createdb`)"),
}

_CONNECTING = [
    ("password", Said("check the user and the password (URL, PGPASSWORD or ~/.pgpass)")),
    ("database", Said("check the database's name, or make it first (`createdb`)")),
    ("role", Said("check the user in the URL")),
    ("resolve", Said("check the server's name in the URL")),
    ("translate host", Said("check the server's name in the URL")),
    ("", Said("check that the server runs and that host and port are right")),
]
"""By a word of libpq's, which tells why in no other way; its language may be another."""


_LOST = ("08", "57P", "25P03")
"""SQLSTATEs of a connection that fails, a server that stops, a transaction that it gave up."""


class ConnectionLostError(StoreError):
    """The server went away in the middle: what was asked is done or not, nobody has said."""


@contextmanager
def telling_faults(url: str) -> Iterator[None]:
    """Turns the store's errors into `StoreError`; a broken key stays the library's error.

    Raises:
        IntegrityError: a trigger or key of the ledger refused a row.
        ConnectionLostError: the server went away.
        StoreError: everything else.
    """
    try:
        yield
    except psycopg.IntegrityError as error:
        raise IntegrityError(str(error)) from error
    except IntegrityError:
        raise
    except (PersistenceError, psycopg.Error) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        raise told(url, cause or error) from error


def told(url: str, error: BaseException) -> StoreError | NotALedgerError:
    """The message for an error of psycopg."""
    words = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, (errors.UndefinedTable, errors.InvalidSchemaName)):
        return NotALedgerError(url, Said("a table of it is missing ({words})", words=words))
    if isinstance(error, PoolTimeout):
        return StoreError(
            Said(
                "{url}: the server does not answer ({words}); check that it runs and try "
                "again. {nothing}",
                url=url,
                words=words,
                nothing=NOTHING,
            )
        )
    if is_lost(error):
        return ConnectionLostError(
            Said("{url}: the connection to the server was lost ({words})", url=url, words=words)
        )
    if isinstance(error, errors.LockNotAvailable):
        return StoreError(
            Said(
                "{url}: {words}; it was busy for over {seconds} s; try again when "
                "others are done. {nothing}",
                url=url,
                words=words,
                seconds=patience.LOCK_TIMEOUT,
                nothing=NOTHING,
            )
        )
    for kind, advice in _ADVICE.items():
        if isinstance(error, kind):
            return StoreError(_advised(url, words, advice))
    return StoreError(
        Said(
            "{url}: {words}; look at the server and its log. {nothing}",
            url=url,
            words=words,
            nothing=NOTHING,
        )
    )


def not_connected(url: str, error: psycopg.OperationalError) -> StoreError:
    """The message for a connection that could not be made."""
    words = " ".join(str(error).split())
    needs = error.pgconn is not None and error.pgconn.needs_password
    advice = next(advice for word, advice in _CONNECTING if word in words or needs)
    return StoreError(_advised(url, words, advice))


def _advised(url: str, words: str, advice: Said) -> Said:
    return Said(
        "{url}: {words}; {advice}. {nothing}",
        url=url,
        words=words,
        advice=advice,
        nothing=NOTHING,
    )


def is_lost(error: BaseException) -> bool:
    """Whether the connection broke: by the server's own word, or without any."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(_LOST)
