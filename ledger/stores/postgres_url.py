"""Parse a `postgresql://` URL into libpq's parameters and the schema of a ledger."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.errors import StoreError
from ledger.saying import Said
from ledger.stores import mask_password

CONNECT_TIMEOUT = 5
"""Seconds to wait for the server, unless the URL sets it."""

_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")


class Place(NamedTuple):
    """A schema in a database on a server."""

    conninfo: str
    schema: str
    url: str
    """Without a password."""


def place_of(url: str) -> Place:
    """Return the place that a URL names; its schema is `?schema=`, by default `public`.

    Raises:
        StoreError: the URL cannot be parsed; the message does not repeat a password.
    """
    visible = mask_password(url)
    try:
        urlsplit(url).port  # noqa: B018 - libpq would report an invalid port as a missing host
        base, _, parameters = url.partition("?")
        query = parse_qsl(parameters, keep_blank_values=True)
        schemas = [value for name, value in query if name == "schema"]
        rest = urlencode([q for q in query if q[0] != "schema"], quote_via=quote)
        given = conninfo_to_dict(f"{base}?{rest}" if rest else base)
    except (ValueError, ProgrammingError):
        raise StoreError(
            Said(
                "{url} is not a valid URL; write postgresql://USER@HOST/DATABASE?schema=TOWN, "
                "with special characters of a password as %XX.",
                url=visible,
            )
        ) from None
    schema = schemas[-1] if schemas else "public"
    if not _SCHEMA.fullmatch(schema) or schema == "information_schema":
        raise StoreError(
            Said(
                "{url}: {schema!r} is not a valid schema; write up to 63 lower-case "
                "letters, digits and `_`, not beginning with a digit or `pg_`.",
                url=visible,
                schema=schema,
            )
        )
    given.setdefault("connect_timeout", CONNECT_TIMEOUT)
    given["client_encoding"] = "utf8"
    given.setdefault("application_name", "tally")
    return Place(make_conninfo("", **given), schema, visible)
