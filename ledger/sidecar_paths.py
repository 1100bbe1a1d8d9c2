"""Paths of the files kept beside a ledger: its signing key, its read model."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit


def sidecar_path(url: str, suffix: str, variable: str, folder: str) -> Path:
    """Return the path of a file that belongs to the ledger at a URL.

    For SQLite it is beside the database (`tally.db.key`); for PostgreSQL it is in the folder
    `tally` of the user's base directory, named after host, database and schema.

    Args:
        url: the ledger.
        suffix: the suffix of the file, as `.key`.
        variable: the environment variable of the base directory (XDG base directories).
        folder: the base directory within the user's home if the variable is not set.
    """
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import path_of  # noqa: PLC0415 - only for SQLite

        path = path_of(url)
        return path.parent / f"{path.name}{suffix}"
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    host = parts.hostname or asked.get("host", ["localhost"])[0]
    database = unquote(parts.path.lstrip("/")) or asked.get("dbname", ["postgres"])[0]
    schema = asked.get("schema", ["public"])[0]
    port = f"-{parts.port}" if parts.port else ""
    name = "-".join((f"{quote(host, safe='')}{port}", quote(database, safe=""), quote(schema, "")))
    base = os.environ.get(variable) or str(Path.home() / folder)
    return Path(base) / "tally" / f"{name}{suffix}"
