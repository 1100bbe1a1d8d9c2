"""Names that the schema of a ledger may have, without libraries of PostgreSQL."""

from __future__ import annotations

import re

_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")


def is_schema(name: str) -> bool:
    """Return whether a ledger may be kept in a schema of this name."""
    return _SCHEMA.fullmatch(name) is not None and name != "information_schema"
