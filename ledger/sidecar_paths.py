"""Where the files lie that belong to a ledger and not into it: its key, its read_model."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit


def sidecar_path(url: str, suffix: str, variable: str, folder: str) -> Path:
    """The file of a suffix that belongs to the ledger at a URL.

    Beside a SQLite file (`tally.db.key`); for PostgreSQL in the folder `tally` of the user's own
    place for such files, under the names of host, database and schema.

    Args:
        url: the ledger.
        suffix: as `.key`.
        variable: the environment variable that names the user's place (XDG base directories).
        folder: the place in the user's home where it is not set.
    """
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite import path_of  # noqa: PLC0415 - only the store in use

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
