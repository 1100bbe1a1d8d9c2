"""Authenticate what a read model holds: HMAC-SHA256 (RFC 2104) under a key kept outside it.

Whoever may write the read model's file, and may not read the key, cannot make it answer falsely.
"""

from __future__ import annotations

import hmac
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ledger.bounded import read_bounded
from ledger.integrity.keys import own_key
from ledger.read_model.fingerprint import fingerprint
from ledger.sidecar_paths import NoHomeError, base_folder, own_path, sidecar_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.integrity.note import Signer

_PURPOSE = b"tally read model/2\0"
_OWN_KEY = "read-model.secret"
_OWN_KEY_SIZE = 32


class Seal:
    """A key derived for one version of code and rules: what another version wrote does not fit."""

    def __init__(self, secret: bytes) -> None:
        """Derive the key from a secret kept outside the read model."""
        self._key = hmac.digest(secret, _PURPOSE + fingerprint().encode(), "sha256")
        self.made_by = self.mac([b"made by"]).hex()
        """Says which key and code made a file, without a secret."""

    def mac(self, parts: Iterable[bytes]) -> bytes:
        """Return the code (32 bytes) of a list of byte strings, each preceded by its length."""
        framed = b"".join(piece for part in parts for piece in (b"%d:" % len(part), part))
        return hmac.digest(self._key, framed, "sha256")

    def fits(self, mac: bytes, parts: Iterable[bytes]) -> bool:
        """Return whether a code is that of a list of byte strings."""
        return hmac.compare_digest(mac, self.mac(parts))


class Place(NamedTuple):
    """Where the read model of a ledger is kept, and what authenticates it."""

    path: Path
    seal: Seal


def place_of(url: str) -> Place | None:
    """Return the place of a ledger's read model; None if there can be no key for it.

    Who has the ledger's private key as a file of his own derives the key from it and uses the file
    beside the ledger. Others have a key and a file of their own, in the user's folders.
    """
    signer = own_key(url)
    try:
        secret = _own_secret() if signer is None else signer.secret().encode()
        return None if secret is None else Place(_path(url, signer), Seal(secret))
    except NoHomeError:
        return None


def read_model_path(url: str) -> Path:
    """Return where the read model of a ledger is kept: `tally.db.view`, or the user's cache."""
    return _path(url, own_key(url))


def _path(url: str, signer: Signer | None) -> Path:
    make = own_path if signer is None else sidecar_path
    return make(url, ".view", "XDG_CACHE_HOME", ".cache")


def _own_secret() -> bytes | None:
    """Return the user's own secret, made on first use; None if it cannot be read or written."""
    path = base_folder("XDG_CONFIG_HOME", ".config") / _OWN_KEY
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        if not path.exists():
            try:
                descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(os.urandom(_OWN_KEY_SIZE))
                with suppress(FileExistsError):
                    os.link(part, path)  # never overwrites that of another process
            finally:
                part.unlink(missing_ok=True)
        found = read_bounded(path)
        return found if len(found) == _OWN_KEY_SIZE else None
    return None
