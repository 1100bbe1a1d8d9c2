"""What a `postgresql://` URL names: a server for libpq, and the town's schema in its database."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.errors import StoreError
from ledger.saying import Said
from ledger.stores import shown

CONNECT_TIMEOUT = 5
"""Seconds to wait for the server, unless the URL says otherwise."""

_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")


class Place(NamedTuple):
    """A town's schema on a server."""

    conninfo: str
    schema: str
    url: str
    """As it may be shown: without a password."""


def place_of(url: str) -> Place:
    """The place that a URL names; `?schema=` is the town's, `public` unless told otherwise.

    Raises:
        StoreError: the URL cannot be read; the message repeats no password.
    """
    visible = shown(url)
    try:
        urlsplit(url).port  # noqa: B018 - a port that is no number would come as a missing host
        base, _, parameters = url.partition("?")
        query = parse_qsl(parameters, keep_blank_values=True)
        schemas = [value for name, value in query if name == "schema"]
        rest = urlencode([q for q in query if q[0] != "schema"], quote_via=quote)
        given = conninfo_to_dict(f"{base}?{rest}" if rest else base)
    except (ValueError, ProgrammingError):
        raise StoreError(
            Said(
                "{visible} cannot be read; write "
                "postgresql://USER@HOST/DATABASE?schema=TOWN, with special characters of a "
                "password as %XX.",
                visible=visible,
            )
        ) from None
    schema = schemas[-1] if schemas else "public"
    if not _SCHEMA.fullmatch(schema) or schema == "information_schema":
        raise StoreError(
            Said(
                "{visible}: {schema!r} cannot be a town's schema; write up to 63 small "
                "letters, digits and `_`, not beginning with a digit or `pg_`.",
                visible=visible,
                schema=schema,
            )
        )
    given.setdefault("connect_timeout", CONNECT_TIMEOUT)
    given["client_encoding"] = "utf8"
    given.setdefault("application_name", "tally")
    return Place(make_conninfo("", **given), schema, visible)
