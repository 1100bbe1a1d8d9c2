"""Ask a PostgreSQL server where many ledgers end, by few queries."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from ledger.errors import StoreError, TallyError
from ledger.stores.connections import Connections
from ledger.stores.postgres_faults import ConnectionLostError, is_lost, translate_faults
from ledger.stores.postgres_schema import MARKER, SCHEMA_VERSION
from ledger.stores.postgres_url import in_schema, location_of
from ledger.stores.postgres_version import checked_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import Connection

    from ledger.stores.postgres_url import Location

AT_ONCE = 50
"""Ledgers that one query asks for."""

_LAST = SQL("SELECT max(notification_id) FROM {}")
_HEAD = SQL(
    "SELECT {number}, (SELECT schema_version FROM {ledger} WHERE application = {marker}), ({last})"
)


def heads(
    url: str, schemas: Iterable[str], lent: Connections | None = None
) -> dict[str, int | TallyError]:
    """Return the position of the last event, or 0, of each ledger of a server.

    Args:
        url: the database; whatever schema it names is not asked for.
        schemas: the ledgers' schemas.
        lent: connections to read by.

    Returns:
        by schema in their order, the position; in its place the fault of one that cannot be read.

    Raises:
        StoreError: the server cannot be reached, refuses, or did not answer to the end.
    """
    server = location_of(url)
    found: dict[str, int | TallyError] = {}
    places: dict[str, Location] = {}
    for schema in schemas:
        found[schema] = 0
        try:
            places[schema] = in_schema(server, schema)
        except StoreError as error:
            found[schema] = error
    left = iter(places.values())
    with Connections() if lent is None else nullcontext(lent) as connections:
        while some := list(islice(left, AT_ONCE)):
            for one in some:
                connections.count_ledger(one)
            with translate_faults(server.url), connections.lend(server) as connection:
                found |= _heads(connection, some)
    return found


def _heads(connection: Connection[Any], places: list[Location]) -> dict[str, int | TallyError]:
    """Return positions and faults by one query or, where a ledger makes that fail, one by one."""
    parts = [
        _HEAD.format(
            number=Literal(number),
            ledger=Identifier(one.schema, "ledger"),
            marker=Literal(MARKER),
            last=_last(one),
        )
        for number, one in enumerate(places)
    ]
    try:
        rows = connection.execute(SQL(" UNION ALL ").join(parts)).fetchall()
    except psycopg.Error as error:
        if is_lost(error):
            raise
        rows = []
    known = {
        number: last or 0
        for number, version, last in rows
        if version is not None and version <= SCHEMA_VERSION
    }
    return {
        one.schema: known[number] if number in known else _head(connection, one)
        for number, one in enumerate(places)
    }


def _head(connection: Connection[Any], place: Location) -> int | TallyError:
    """Return the position or the fault of one ledger."""
    try:
        with translate_faults(place.url):
            checked_version(connection, place)
            row = connection.execute(_last(place)).fetchone()
    except ConnectionLostError:
        raise
    except TallyError as error:
        return error
    return (row and row[0]) or 0


def _last(place: Location) -> Any:
    return _LAST.format(Identifier(place.schema, "stored_events"))
