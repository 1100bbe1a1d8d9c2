"""Paths of the files kept beside a ledger: its signing key, its read model."""

from __future__ import annotations

import os
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from ledger.stores.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.stores.postgres_url import Server

_DEFAULT_PORT = "5432"


def sidecar_path(url: str, suffix: str, variable: str, folder: str) -> Path:
    """Return the path of a file that belongs to the ledger at a URL.

    For SQLite it is beside the database (`tally.db.key`); for PostgreSQL it is in the folder
    `tally` of the user's base directory, named after host, database and schema. The name does not
    depend on how the URL spells them. A file that an earlier version named after the spelling is
    still found.

    Args:
        url: the ledger.
        suffix: the suffix of the file, as `.key`.
        variable: the environment variable of the base directory (XDG base directories).
        folder: the base directory within the user's home if the variable is not set.

    Raises:
        UnknownStoreError: a URL of SQLite names no file.
        MalformedUrlError: the path in it is malformed.
        MissingExtraError: it is of PostgreSQL, whose extra is not installed.
        StoreError: a URL of PostgreSQL cannot be parsed.
    """
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite_url import path_of  # noqa: PLC0415 - only for SQLite

        path = path_of(url)
        return path.parent / f"{path.name}{suffix}"
    try:
        from ledger.stores.postgres_url import server_of  # noqa: PLC0415 - only for PostgreSQL
    except ImportError as error:
        raise MissingExtraError(url, error) from None
    base = base_folder(variable, folder)
    server = server_of(url)
    port = "" if server.port == _DEFAULT_PORT else f"-{server.port}"
    chosen = base / f"{_name(server.host, port, server.database, server.schema)}{suffix}"
    places = (base / f"{name}{suffix}" for name in _earlier_names(url, server))
    candidates = (chosen, *places)
    return next((path for path in candidates if _is_used(path)), chosen)


def base_folder(variable: str, folder: str) -> Path:
    """Return the program's folder in a base directory of the user's; see `sidecar_path`."""
    return Path(os.environ.get(variable) or str(Path.home() / folder)) / "tally"


def own_path(url: str, suffix: str, variable: str, folder: str) -> Path:
    """Return the path of a file of the user's own about a ledger, in a base directory.

    As `sidecar_path`, but never beside a SQLite file, whose folder may be shared.
    """
    path = sidecar_path(url, suffix, variable, folder)
    if not url.startswith("sqlite:"):
        return path
    place = sha256(os.fsencode(path.absolute())).hexdigest()[:16]
    return base_folder(variable, folder) / f"{place}-{path.name}"


def _is_used(path: Path) -> bool:
    # An auditor may hold the public key alone, without the key that signs.
    return path.exists() or path.with_suffix(".pub").exists()


def _name(host: str, port: str, database: str, schema: str) -> str:
    return "-".join((f"{quote(host, safe='')}{port}", quote(database, safe=""), quote(schema, "")))


def _earlier_names(url: str, server: Server) -> Iterator[str]:
    """Yield the names that earlier versions gave to the files, by every spelling of the server."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    host = parts.hostname or asked.get("host", ["localhost"])[0]
    database = unquote(parts.path.lstrip("/")) or asked.get("dbname", ["postgres"])[0]
    hosts = dict.fromkeys((host, server.host, *server.aliases))
    ports = (f"-{server.port}", "") if server.port == _DEFAULT_PORT else (f"-{server.port}",)
    for one, port, name in product(hosts, ports, dict.fromkeys((server.database, database))):
        yield _name(one, port, name, server.schema)
