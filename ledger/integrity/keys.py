"""Make, find and load the key that signs a ledger's checkpoints; it is kept outside the ledger."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ledger.bounded import read_bounded
from ledger.integrity.errors import KeyExistsError, KeyFileError, NoKeyFileError, NoteError
from ledger.integrity.note import Signer, Verifier
from ledger.message import Message
from ledger.sidecar_paths import is_there, ledger_name, set_aside, sidecar_path

if TYPE_CHECKING:
    from collections.abc import Sequence

OWNER_ONLY = 0o600
"""The mode of a file that holds a private key."""


class KeyPaths:
    """Paths of the files that prove a ledger and are kept outside it.

    The private key; the public keys, one a line, newest first; the last checkpoint; the hashes of
    its leaves; the last event that was acknowledged; the folder of the accounts' keys; that
    of the drafts at the desk. They are
    beside a SQLite file (`tally.db.key`), in `$XDG_CONFIG_HOME/tally` for PostgreSQL, or beside
    the file that `TALLY_KEY` names. The last event has the name of the ledger too then: a copy that
    is used under the same key has its own.
    """

    def __init__(self, url: str) -> None:
        """Determine the paths for the ledger at a URL."""
        named = os.environ.get("TALLY_KEY")
        self.key = Path(named) if named else sidecar_path(url, ".key", "XDG_CONFIG_HOME", ".config")
        stem = self.key.with_suffix("") if self.key.suffix == ".key" else self.key
        self.public = stem.with_name(stem.name + ".pub")
        self.checkpoint = stem.with_name(stem.name + ".checkpoint")
        self.leaves = stem.with_name(stem.name + ".leaves")
        place = f"-{ledger_name(url)}" if named else ""
        self.head = stem.with_name(f"{stem.name}{place}.head")
        self.accounts = stem.with_name(stem.name + ".accounts")
        self.drafts = stem.with_name(f"{stem.name}{place}.drafts")


def make_key(url: str, signer: Signer | None = None, earlier: Sequence[Verifier] = ()) -> Signer:
    """Write the key of a new ledger, and the public keys beside it.

    Args:
        url: the ledger.
        signer: the key of a ledger that is moved here; by default a new key of a new origin.
        earlier: public keys whose signatures remain valid.

    Raises:
        KeyFileError: the file exists, or cannot be written.
    """
    import secrets  # noqa: PLC0415 - only to make a key

    places = KeyPaths(url)
    made = signer or Signer.make(f"tally/{secrets.token_hex(8)}")
    try:
        places.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with new_file(places.key, OWNER_ONLY) as file:
            file.write(made.secret() + "\n")
    except FileExistsError:
        raise KeyExistsError(places.key) from None
    except OSError as error:
        raise KeyFileError(
            Message("{key} cannot be written: {why}", key=places.key, why=error.strerror)
        ) from error
    write_public(places.public, [made.verifier, *(one for one in earlier if one != made.verifier)])
    return made


def renew_key(url: str) -> Signer:
    """Make a new key of the same origin for a ledger that lost its key or never had one.

    Raises:
        KeyFileError: there is a key.
    """
    public = KeyPaths(url).public
    earlier = load_verifiers(url, public) if is_there(public) else []
    return make_key(url, Signer.make(earlier[0].name) if earlier else None, earlier)


def adopt_key(url: str, signer: Signer | None, verifiers: Sequence[Verifier]) -> None:
    """Give a ledger that was moved to a URL a key; its older signatures remain valid.

    The key already there, or else the ledger's own, or else a new one of the same origin.

    Args:
        url: where the ledger was moved to.
        signer: the ledger's own private key, if it can be read.
        verifiers: its public keys.
    """
    if is_there(KeyPaths(url).key):
        known = load_verifiers(url)
        fresh = [verifier for verifier in verifiers if verifier not in known]
        if fresh:
            write_public(KeyPaths(url).public, [*known, *fresh])
        return
    if signer is None and verifiers:
        signer = Signer.make(verifiers[0].name)
    make_key(url, signer, verifiers)


def check_key_place(url: str) -> None:
    """Refuse a place for a new ledger whose key could not be moved away.

    Raises:
        KeyFileError: `TALLY_KEY` names a key that exists.
    """
    places = KeyPaths(url)
    if os.environ.get("TALLY_KEY") and is_there(places.key):
        raise KeyExistsError(places.key)


def set_key_aside(url: str) -> list[Path]:
    """Rename the files of an earlier ledger that is gone, before a new one is created.

    The keys of its accounts stay: no other ledger takes them for its own.

    Returns:
        The new paths.

    Raises:
        KeyFileError: `TALLY_KEY` names the key; such a key is not moved.
    """
    check_key_place(url)
    places = KeyPaths(url)
    if not (is_there(places.key) or is_there(places.head)):
        return []
    files = (places.key, places.public, places.checkpoint, places.leaves, places.head)
    return set_aside(files, "old")


def write_public(path: Path, verifiers: Sequence[Verifier]) -> None:
    """Write a file of public keys, one a line, in place of an older one."""
    try:
        path.unlink(missing_ok=True)
        with new_file(path, 0o644) as file:
            file.writelines(f"{verifier}\n" for verifier in verifiers)
    except OSError as error:
        raise KeyFileError(
            Message("{path} cannot be written: {why}", path=path, why=error.strerror)
        ) from error


def new_file(path: Path, mode: int) -> IO[str]:
    """Make a file that nobody else may read if the mode says so; return it, open for writing."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    return os.fdopen(descriptor, "w", encoding="utf-8")


def load_key(url: str) -> Signer:
    """Load the private key of a ledger.

    Raises:
        KeyFileError: it is missing, readable by others, or damaged.
    """
    path = KeyPaths(url).key
    try:
        return Signer.parse(read_key(path))
    except NoteError as error:
        raise KeyFileError(
            Message("{path}: {error}; restore it from a copy", path=path, error=error)
        ) from None


def own_key(url: str) -> Signer | None:
    """Load the private key if the file is this user's own and `load_key` reads it, else None."""
    try:
        theirs = os.name == "posix" and KeyPaths(url).key.stat().st_uid != os.geteuid()
        return None if theirs else load_key(url)
    except (OSError, KeyFileError):
        return None


def read_key(path: Path) -> str:
    """Return the text of a file that holds a private key.

    Raises:
        NoKeyFileError: it is missing.
        KeyFileError: it cannot be read, or others can read it.
    """
    try:
        mode = path.stat().st_mode
        text = read_bounded(path).decode()
    except FileNotFoundError:
        raise NoKeyFileError(
            Message(
                "{path}: there is no key to sign with; name its file with TALLY_KEY, or make a new "
                "one with `tally checkpoint --new-key`",
                path=path,
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(
            Message("{path} cannot be read: {error}", path=path, error=error)
        ) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(
            Message(
                "{path} can be read by others (mode {mode:o}), so its signatures prove nothing; "
                "if nobody has read it, run `chmod 600 {path}`, otherwise make another key",
                path=path,
                mode=stat.S_IMODE(mode),
            )
        )
    return text.strip()


def find_key(url: str) -> Signer | None:
    """Load the private key as `load_key` does, or return None if its file does not exist."""
    return load_key(url) if is_there(KeyPaths(url).key) else None


def load_verifiers(url: str, given: Path | None = None) -> list[Verifier]:
    """Load the public keys that verify a ledger's checkpoints; none if none is kept.

    Args:
        url: the ledger.
        given: an auditor's own copy of the public keys, which alone is then trusted.

    Raises:
        KeyFileError: the file cannot be read, or a line is not a public key.
    """
    path = given or KeyPaths(url).public
    if given is None and not is_there(path):
        signer = find_key(url)
        return [] if signer is None else [signer.verifier]
    try:
        lines = read_bounded(path, pipe=given is not None).decode().splitlines()
        return [Verifier.parse(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise KeyFileError(
            Message("{path} is not a file of public keys: {error}", path=path, error=error)
        ) from None
