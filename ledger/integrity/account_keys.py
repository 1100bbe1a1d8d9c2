"""The private keys of accounts: each in a file of its own, encrypted under a passphrase.

Argon2id (RFC 9106, the second recommended option: 64 MiB, 3 passes, 4 lanes) makes of the
passphrase the key by which ChaCha20-Poly1305 (RFC 8439) encrypts the account's. The file is outside
the ledger.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder, encode

from ledger.account_proofs import AccountKey
from ledger.characters import name_key
from ledger.integrity.errors import KeyFileError
from ledger.integrity.keys import OWNER_ONLY, KeyPaths, new_file, read_key
from ledger.message import Message
from ledger.stores.parts import part_of

if TYPE_CHECKING:
    from ledger.accounts import AccountState

SHORTEST = 8
"""Characters of a passphrase at least."""

_FORMAT = "tally.account/1"
_SALT, _NONCE = 16, 12
_FORBIDDEN = frozenset('/\\:*?"<>|%')
"""Characters that some system refuses in the name of a file."""


class _Sealed(Struct, forbid_unknown_fields=True):
    """The content of a key file; bytes are base64."""

    format: str
    account: str
    public: str
    salt: bytes
    nonce: bytes
    sealed: bytes

    @property
    def bound(self) -> bytes:
        """Return what is authenticated with the sealed key: it is opened for no other account."""
        return f"{self.format}\n{self.account}\n{self.public}".encode()


def key_path(url: str, name: str) -> Path:
    """Return the file of an account's key: the one that TALLY_KEY_FILE names, or its own place.

    Its own is `NAME.key` in the folder `tally.db.accounts` beside the ledger's key.
    """
    given = os.environ.get("TALLY_KEY_FILE")
    return Path(given) if given else own_key_path(url, name)


def own_key_path(url: str, name: str) -> Path:
    """Return the place of an account's key beside the ledger's key."""
    safe = (f"%{ord(one):02X}" if one in _FORBIDDEN else one for one in name_key(name))
    stem = "".join(safe)
    return KeyPaths(url).accounts / f"{'%2E' + stem[1:] if stem[0] == '.' else stem}.key"


def check_passphrase(passphrase: str) -> None:
    """Refuse a new passphrase that is too short.

    Raises:
        KeyFileError: it is.
    """
    if len(passphrase) < SHORTEST:
        raise KeyFileError(
            Message("the passphrase has fewer than {count} characters", count=SHORTEST)
        )


def write_key(path: Path, name: str, key: AccountKey, passphrase: str) -> None:
    """Write the key of an account, in place of an older one.

    Raises:
        KeyFileError: the passphrase is too short, or the file cannot be written.
    """
    from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415 - slow to import
        ChaCha20Poly1305,
    )

    check_passphrase(passphrase)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    made = _Sealed(_FORMAT, name, key.public, salt, nonce, b"")
    made.sealed = ChaCha20Poly1305(_stretched(passphrase, salt)).encrypt(
        nonce, key.seed, made.bound
    )
    part = part_of(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with new_file(part, OWNER_ONLY) as file:
            file.write(encode(made).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KeyFileError(
            Message("{key} cannot be written: {why}", key=path, why=error.strerror)
        ) from error


def check_key(path: Path, account: AccountState) -> None:
    """Refuse a file that does not hold an account's key, before anybody types a passphrase.

    Raises:
        KeyFileError: it is missing, readable by others, damaged, or of another account or key.
    """
    _read(path, account)


def load_key(path: Path, account: AccountState, passphrase: str) -> AccountKey:
    """Return the key of an account.

    Raises:
        KeyFileError: as `check_key`; or the passphrase is wrong.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415

    found = _read(path, account)
    try:
        cipher = ChaCha20Poly1305(_stretched(passphrase, found.salt))
        key = AccountKey(cipher.decrypt(found.nonce, found.sealed, found.bound))
        if key.public == account.public:
            return key
    except (InvalidTag, ValueError):
        pass
    raise KeyFileError(Message("{path}: the passphrase is wrong", path=path))


def _read(path: Path, account: AccountState) -> _Sealed:
    if not path.exists():
        raise KeyFileError(
            Message(
                "{path}: there is no key of {name}; name its file with TALLY_KEY_FILE, or let a "
                "verifier give the account another key: `tally account reset {name}`",
                path=path,
                name=account.name,
            )
        )
    try:
        found = Decoder(_Sealed).decode(read_key(path))
    except (DecodeError, ValidationError):
        found = None
    if found is None or found.format != _FORMAT:
        raise KeyFileError(Message("{path} is not a key of an account", path=path))
    if found.account != account.name or found.public != account.public:
        raise KeyFileError(
            Message(
                "{path} holds a key of {other}, not the present key of {name}",
                path=path,
                other=found.account,
                name=account.name,
            )
        )
    return found


def _stretched(passphrase: str, salt: bytes) -> bytes:
    from unicodedata import normalize  # noqa: PLC0415 - seldom

    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - slow

    # The same passphrase, whatever the keyboard composes (RFC 8265 §4.2: OpaqueString).
    text = normalize("NFC", passphrase).encode()
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=1 << 16)
    return kdf.derive(text)


def spend(passphrase: str) -> None:
    """Take as long as `load_key` does, for a name that no account has."""
    _stretched(passphrase, bytes(_SALT))
