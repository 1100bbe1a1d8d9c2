"""Parse a `postgresql://` URL into libpq's parameters and the schema of a ledger."""

from __future__ import annotations

import ipaddress
import os
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from psycopg import ProgrammingError, pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.errors import StoreError
from ledger.message import Message
from ledger.stores.masking import is_well_formed, mask_password
from ledger.stores.schema_names import is_schema, url_in_schema

_UNLESS_GIVEN: dict[str, Any] = {
    "connect_timeout": 5,
    # A server that vanished without a word is given up a minute later, not by libpq's two hours.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "tally",
}
"""libpq's parameters that are set unless the URL sets them: seconds; the last time in ms."""

_SOCKETS = frozenset({"/tmp", "/run/postgresql", "/var/run/postgresql"})  # noqa: S108 - libpq's
"""Folders in which libpq looks for the socket of a server on this machine."""

_LOCAL = "localhost"
_LOCAL_NAMES = ("127.0.0.1", "::1", "ip6-localhost", "localhost.localdomain", "localhost4")


class Server(NamedTuple):
    """The server, database and schema of a URL, equal for every spelling of the same."""

    host: str
    port: str
    database: str
    schema: str
    aliases: tuple[str, ...]
    """Other names of the host."""


class Location(NamedTuple):
    """A schema in a database on a server."""

    conninfo: str
    schema: str
    url: str
    """Without a password."""
    parameters: dict[str, Any]
    """libpq's parameters that the URL gives."""


def location_of(url: str) -> Location:
    """Return the place that a URL names; its schema is `?schema=`, by default `public`.

    Raises:
        StoreError: the URL cannot be parsed; the message does not repeat a password.
    """
    visible = mask_password(url)
    try:
        if not is_well_formed(url):
            # libpq would quote a part of a password as a host or a port.
            raise ValueError
        base, _, after = url.partition("?")
        query = parse_qsl(after, keep_blank_values=True)
        schemas = [value for name, value in query if name == "schema"]
        rest = urlencode([q for q in query if q[0] != "schema"], quote_via=quote)
        given = conninfo_to_dict(f"{base}?{rest}" if rest else base)
    except (ValueError, ProgrammingError):
        raise StoreError(
            Message(
                "{url} is not a valid URL; write postgresql://USER@HOST/DATABASE?schema=TOWN, "
                "with special characters of a password as %XX.",
                url=visible,
            )
        ) from None
    schema = _checked(visible, schemas[-1] if schemas else "public")
    parameters = {**_UNLESS_GIVEN, **given, "client_encoding": "utf8"}
    return Location(make_conninfo("", **parameters), schema, visible, given)


def in_schema(place: Location, schema: str) -> Location:
    """Return another schema of the same database.

    Raises:
        StoreError: it is not a valid schema.
    """
    url = url_in_schema(place.url, schema)
    return place._replace(schema=_checked(url, schema), url=url)


def _checked(visible: str, schema: str) -> str:
    """Return the schema of a URL.

    Raises:
        StoreError: it is not a valid schema.
    """
    if is_schema(schema):
        return schema
    raise StoreError(
        Message(
            "{url}: {schema!r} is not a valid schema; write up to 63 lower-case "
            "letters, digits and `_`, not beginning with a digit or `pg_`.",
            url=visible,
            schema=schema,
        )
    )


def server_of(url: str) -> Server:
    """Return the server, database and schema that a URL names, by libpq's rules and defaults.

    Raises:
        StoreError: as `location_of`.
    """
    place = location_of(url)
    defaults = {
        one.keyword.decode(): one.val.decode()
        for one in pq.Conninfo.get_defaults()
        if one.val is not None
    }
    given = {**defaults, **{name: str(value) for name, value in place.parameters.items()}}
    host = _host(given.get("hostaddr") or given.get("host") or _LOCAL)
    return Server(
        host,
        given.get("port") or "5432",
        given.get("dbname") or given.get("user", ""),
        place.schema,
        _LOCAL_NAMES if host == _LOCAL else (),
    )


def _host(named: str) -> str:
    """Return the one name of a host: `localhost` for every name of this machine's own."""
    if named.startswith("/"):
        folder = os.path.realpath(named)
        return _LOCAL if named in _SOCKETS or folder in _SOCKETS else folder
    name = named.strip("[]").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        local = name in _LOCAL_NAMES or name == _LOCAL or name.endswith(f".{_LOCAL}")
        return _LOCAL if local else name
    return _LOCAL if address.is_loopback else str(address)
