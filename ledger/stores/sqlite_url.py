"""The file that a `sqlite:` URL names, resolved, and the URI by which SQLite opens it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from ledger.characters import code_point, invisible
from ledger.message import Message
from ledger.stores.errors import MalformedUrlError, UnknownStoreError

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def path_of(url: str) -> Path:
    """Return the file of a URL, with links resolved.

    SQLite's log, the key and the read model are beside the file itself, by whatever name it is
    reached. Raises what `named_path` does.
    """
    return Path(os.path.realpath(named_path(url)))


def named_path(url: str) -> Path:
    """Return the path in a URL: `sqlite:///tally.db` is relative, four slashes are absolute.

    It begins at the root, so that it stays when the folder changes; links are not resolved.

    Raises:
        UnknownStoreError: the URL names no file.
        MalformedUrlError: its path begins with one or two slashes or ends in one, is not UTF-8 or
            has invisible characters.
    """
    rest = url.removeprefix("sqlite:")
    name = rest.lstrip("/")
    slashes = len(rest) - len(name)
    if not name:
        raise UnknownStoreError(url)
    if slashes in {len("/"), len("//")}:
        why = Message(
            "a file takes three slashes, or four from the root: sqlite:///tally.db, "
            "sqlite:////folder/tally.db"
        )
        raise MalformedUrlError(url, why)
    if name.endswith("/"):
        raise MalformedUrlError(url, Message("it ends in a slash, as only a folder does"))
    _check_characters(url, name)
    root = "/" if slashes not in {0, len("///")} else ""
    path = Path(os.fsdecode(unquote_to_bytes(os.fsencode(root + name))))
    return path if path.is_absolute() else Path.cwd() / path


def url_of(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{quote(os.fsencode(path))}"


def file_uri(path: Path) -> str:
    """Return a file's URI as SQLite reads it."""
    return f"file:{quote(os.fsencode(path))}"


def uri_of(path: Path) -> str:
    """Return the URI by which SQLite opens the file, unchanging if its folder is read-only.

    In WAL mode SQLite writes files beside the ledger even to read it. Where it cannot (a stick,
    an archive), `immutable=1` reads the file alone, unless a log beside it holds more or may
    soon do: another process has the ledger open.
    """
    uri = file_uri(path)
    if os.access(path.parent, os.W_OK) or _has_log(path) or _companion(path, "-shm").exists():
        return f"{uri}?mode=rw"
    return f"{uri}?mode=ro&immutable=1"


def needs_copy(path: Path) -> bool:
    """Return whether SQLite can read a file in a copy alone, together with its log.

    Its folder is read-only and the log beside it holds more, as after a crash or in a copy of both
    files; nobody has it open.
    """
    return (
        not os.access(path.parent, os.W_OK)
        and _has_log(path)
        and not _companion(path, "-shm").exists()
    )


def copy_with_log(path: Path, folder: Path) -> Path:
    """Copy a file and its log into a folder; return the copy."""
    import shutil  # noqa: PLC0415 - seldom; it imports compression

    shutil.copyfile(_companion(path, "-wal"), folder / f"{path.name}-wal")
    copy = folder / path.name
    shutil.copyfile(path, copy)
    return copy


def _has_log(path: Path) -> bool:
    try:
        return _companion(path, "-wal").stat().st_size > 0
    except FileNotFoundError:  # none, or another process has just closed the ledger
        return False


def _companion(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")


def _check_characters(url: str, name: str) -> None:
    """Refuse a name that is not visible text.

    Raises:
        MalformedUrlError: it is not.
    """
    for escapes in _ESCAPES.findall(name):
        try:
            unquote_to_bytes(escapes).decode()
        except UnicodeDecodeError:
            why = Message("{escapes} is not UTF-8; write % itself as %25", escapes=escapes)
            raise MalformedUrlError(url, why) from None
    text = unquote_to_bytes(name.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")
    hidden = invisible(name) or invisible(text)
    if hidden is not None and "\udc80" <= hidden <= "\udcff":
        raise MalformedUrlError(url, Message("it is not UTF-8; give the file another name"))
    if hidden is not None:
        why = Message(
            "it has the invisible character {code}; take it out (a line end of Windows in the "
            "file that sets it leaves U+000D)",
            code=code_point(hidden),
        )
        raise MalformedUrlError(url, why)
