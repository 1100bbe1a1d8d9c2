"""Paths of the files kept beside a ledger: its signing key, its read model."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from itertools import count, product
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from ledger.errors import TallyError
from ledger.message import Message
from ledger.stores.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.stores.postgres_url import Server

_DEFAULT_PORT = "5432"


class NoHomeError(TallyError):
    """There is no folder for a file of the user's own."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            Message(
                "this user has no home folder; name a folder by {variable}, or set HOME",
                variable=variable,
            )
        )


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
        NoHomeError: it is of PostgreSQL, and the user has no home.
    """
    if url.startswith("sqlite:"):
        from ledger.stores.sqlite_url import path_of  # noqa: PLC0415 - only for SQLite

        path = path_of(url)
        return path.parent / f"{path.name}{suffix}"
    base = base_folder(variable, folder)
    chosen = base / f"{ledger_name(url)}{suffix}"
    places = (base / f"{name}{suffix}" for name in _earlier_names(url, _server(url)))
    candidates = (chosen, *places)
    return next((path for path in candidates if _is_used(path)), chosen)


def base_folder(variable: str, folder: str) -> Path:
    """Return the program's folder in a base directory of the user's; see `sidecar_path`."""
    named = os.environ.get(variable)
    try:
        return (Path(named) if named else Path.home() / folder) / "tally"
    except RuntimeError:  # no HOME, and the user is unknown to the system, as in a container
        raise NoHomeError(variable) from None


def ledger_name(url: str) -> str:
    """Return a name for files about a ledger in a folder that has those of several ledgers.

    It is made of the ledger's place, which no other has; raises what `sidecar_path` does.
    """
    if url.startswith("sqlite:"):
        path = sidecar_path(url, "", "", "")
        return f"{sha256(os.fsencode(path)).hexdigest()[:16]}-{path.name}"
    server = _server(url)
    port = "" if server.port == _DEFAULT_PORT else f"-{server.port}"
    return _name(server.host, port, server.database, server.schema)


def is_there(path: Path) -> bool:
    """Return whether there is such a file, as far as this user may look."""
    try:
        return path.exists()
    except OSError:
        return False


def set_aside(paths: Sequence[Path], label: str) -> list[Path]:
    """Rename the files that are there by the first free suffix (`.old-1`); return the new paths."""
    suffixes = (f".{label}-{number}" for number in count(1))
    suffix = next(
        one for one in suffixes if not any(is_there(Path(f"{path}{one}")) for path in paths)
    )
    renamed = []
    for path in paths:
        with suppress(FileNotFoundError):  # or another process was here
            renamed.append(path.rename(f"{path}{suffix}"))
    return renamed


def own_path(url: str, suffix: str, variable: str, folder: str) -> Path:
    """Return the path of a file of the user's own about a ledger, in a base directory.

    As `sidecar_path`, but never beside a SQLite file, whose folder may be shared.
    """
    if not url.startswith("sqlite:"):
        return sidecar_path(url, suffix, variable, folder)
    return base_folder(variable, folder) / f"{ledger_name(url)}{suffix}"


def _is_used(path: Path) -> bool:
    # An auditor may hold the public key alone, without the key that signs.
    return is_there(path) or is_there(path.with_suffix(".pub"))


def _server(url: str) -> Server:
    try:
        from ledger.stores.postgres_url import server_of  # noqa: PLC0415 - only for PostgreSQL
    except ImportError as error:
        raise MissingExtraError(url, error) from None
    return server_of(url)


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
