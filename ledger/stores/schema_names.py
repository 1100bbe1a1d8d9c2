"""Schemas of ledgers and their URLs, without libraries of PostgreSQL."""

from __future__ import annotations

import re
from urllib.parse import quote

_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")


def is_schema(name: str) -> bool:
    """Return whether a ledger may be kept in a schema of this name."""
    return _SCHEMA.fullmatch(name) is not None and name != "information_schema"


def url_in_schema(url: str, schema: str) -> str:
    """Return the URL of another schema of the same database."""
    base, _, parameters = url.partition("?")
    others = [one for one in parameters.split("&") if one and not one.startswith("schema=")]
    return f"{base}?{'&'.join([*others, f'schema={quote(schema)}'])}"
