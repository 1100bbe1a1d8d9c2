"""The private keys of accounts: each in a file of its own, encrypted under a passphrase.

Argon2id (RFC 9106, the second recommended option: 64 MiB, 3 passes, 4 lanes) makes of the
passphrase the key by which ChaCha20-Poly1305 (RFC 8439) encrypts the account's. The files are
outside the ledger. The name of each has the id of its key: a new key never takes the place of
another, and files whose keys never came on the record do no harm.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from glob import escape
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder, encode

from ledger.account_proofs import AccountKey, key_id
from ledger.characters import code_point, invisible, name_key
from ledger.integrity.errors import KeyFileError, NoKeyFileError, WrongPassphraseError
from ledger.integrity.keys import OWNER_ONLY, KeyPaths, new_file, read_key
from ledger.message import Message, Series
from ledger.stores.parts import sync

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.accounts import AccountState

SHORTEST = 8
"""Characters of a passphrase at least."""

_FORMAT = "tally.account/1"
_SALT, _NONCE = 16, 12
_FORBIDDEN = frozenset('/\\:*?"<>|%')
"""Characters that some system refuses in the name of a file."""

_STEM = 100
"""Bytes of an account's name in that of its file: most systems allow 255 in all, some 143."""


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


def key_path(url: str, name: str, public: str) -> Path:
    """Return the file of an account's key in the folder `tally.db.accounts` of a ledger.

    Args:
        url: the ledger.
        name: the account.
        public: the public key.
    """
    return KeyPaths(url).accounts / f"{_stem(name)}.{key_id(public)}.key"


def _stem(name: str) -> str:
    """Return what the names of all files of an account's keys begin with."""
    stem = "".join(f"%{ord(one):02X}" if one in _FORBIDDEN else one for one in name_key(name))
    stem = f"%2E{stem[1:]}" if stem[0] == "." else stem
    return stem.encode()[:_STEM].decode(errors="ignore")


def check_passphrase(passphrase: str) -> None:
    """Refuse a new passphrase that is too short, or that nobody could type again.

    Raises:
        KeyFileError: it is.
    """
    text = _prepared(passphrase)
    unseen = invisible(text)
    if unseen is not None:
        words = Message(
            "the passphrase has a character that cannot be seen ({code}); leave it out",
            code=code_point(unseen),
        )
        raise KeyFileError(words)
    if len(text) < SHORTEST:
        raise KeyFileError(
            Message(
                "the passphrase has fewer than {count} characters, without blanks at its ends",
                count=SHORTEST,
            )
        )


def write_key(url: str, name: str, key: AccountKey, passphrase: str) -> Path:
    """Write the file of a new key, flushed to the disk; return its path.

    Write it before the key comes on the record, so that no account is ever without its key.

    Args:
        url: the ledger.
        name: the account, as it is on the record.
        key: its key.
        passphrase: the passphrase.

    Raises:
        KeyFileError: the passphrase is refused, or the file cannot be written.
    """
    check_passphrase(passphrase)
    path = key_path(url, name, key.public)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and stat.S_IMODE(path.parent.stat().st_mode) & 0o077:
            path.parent.chmod(0o700)
    except OSError as error:
        raise KeyFileError(
            Message(
                "{folder} cannot be made a folder that only you can look into: {why}",
                folder=path.parent,
                why=error.strerror,
            )
        ) from error
    _write(path, _sealed(name, key, passphrase))
    return path


def change_passphrase(
    url: str, account: AccountState, key: AccountKey, passphrase: str, named: Path | None = None
) -> Path:
    """Write the file of a key again, under another passphrase; return its path.

    Args:
        url: the ledger.
        account: the account.
        key: its key, as `load_key` returned it.
        passphrase: the new passphrase.
        named: the file if it is not in the ledger's folder.

    Raises:
        KeyFileError: the passphrase is refused, or the file cannot be written; it is as before.
    """
    check_passphrase(passphrase)
    path = named or key_path(url, account.name, key.public)
    path = path.resolve()  # a link stays one
    _write(path, _sealed(account.name, key, passphrase))
    return path


def check_key(url: str, account: AccountState, named: Path | None = None) -> None:
    """Refuse a file that does not hold an account's key, before anybody types a passphrase.

    Args:
        url: the ledger.
        account: the account.
        named: the file if it is not in the ledger's folder.

    Raises:
        NoKeyFileError: there is no such file.
        KeyFileError: it cannot be read, others can read it, or it does not hold the present key.
    """
    _read(url, account, named)


def load_key(
    url: str, account: AccountState, passphrase: str, named: Path | None = None
) -> AccountKey:
    """Return the key of an account.

    Each call, refused or not, costs one derivation: 0.1 to 0.2 s and 64 MiB. A server limits how
    many run at once, and calls `spend` for a name that is no account.

    Args:
        url: the ledger.
        account: the account.
        passphrase: the passphrase.
        named: the file if it is not in the ledger's folder.

    Raises:
        WrongPassphraseError: the passphrase is wrong.
        NoKeyFileError, KeyFileError: as `check_key`.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415

    try:
        path, found = _read(url, account, named)
    except KeyFileError:
        spend(passphrase)
        raise
    try:
        cipher = ChaCha20Poly1305(_stretched(passphrase, found.salt))
        key = AccountKey(cipher.decrypt(found.nonce, found.sealed, found.bound))
        if key.public == account.public:
            return key
    except (InvalidTag, ValueError):
        pass
    raise WrongPassphraseError(Message("{path}: the passphrase is wrong", path=path))


def spend(passphrase: str) -> None:
    """Do the work of `load_key` in vain.

    For a name that is no account: the time of an answer must not tell which names are accounts. It
    takes 64 MiB, so callers limit how many run at once.
    """
    _stretched(passphrase, bytes(_SALT))


def _read(url: str, account: AccountState, named: Path | None) -> tuple[Path, _Sealed]:
    path = named or key_path(url, account.name, account.public)
    try:
        found = Decoder(_Sealed).decode(read_key(path))
    except NoKeyFileError:
        raise NoKeyFileError(_missing(path, account)) from None
    except (DecodeError, ValidationError):
        found = None
    if found is None or found.format != _FORMAT:
        raise KeyFileError(Message("{path} is not a key of an account", path=path))
    if found.account != account.name:
        raise KeyFileError(
            Message(
                "{path} holds a key of {other}, not the present key of {name}",
                path=path,
                other=found.account,
                name=account.name,
            )
        )
    if found.public != account.public:
        raise KeyFileError(
            Message(
                "{path} holds an earlier key of {name}, which has another one by now: take the new "
                "file from the computer on which it was made, or let a verifier make a key here: "
                "`tally account reset {name}`",
                path=path,
                name=account.name,
            )
        )
    return path, found


def _missing(path: Path, account: AccountState) -> Message:
    """Return what to do about a file that is missing."""
    others: list[str] = []
    with suppress(OSError):
        others = [one.name for one in path.parent.glob(f"{escape(_stem(account.name))}.*.key")]
    if others:
        return Message(
            "{path}: there is no such file, but {others} of another key: {name} was given another "
            "one. Take the new file from the computer on which it was made, or let a verifier make "
            "a key here: `tally account reset {name}`",
            path=path,
            others=Series(sorted(others)),
            name=account.name,
        )
    return Message(
        "{path}: there is no key of {name}; name its file with TALLY_KEY_FILE, or let a "
        "verifier give the account another key: `tally account reset {name}`",
        path=path,
        name=account.name,
    )


def _sealed(name: str, key: AccountKey, passphrase: str) -> str:
    """Return the content of a key file."""
    from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415 - slow to import
        ChaCha20Poly1305,
    )

    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    made = _Sealed(_FORMAT, name, key.public, salt, nonce, b"")
    made.sealed = ChaCha20Poly1305(_stretched(passphrase, salt)).encrypt(
        nonce, key.seed, made.bound
    )
    return encode(made).decode() + "\n"


def _write(path: Path, text: str) -> None:
    """Put a file in place when all of it is on the disk."""
    part = path.with_name(f".{os.urandom(8).hex()}.part")
    try:
        try:
            with new_file(part, OWNER_ONLY) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync(path.parent)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise KeyFileError(
            Message("{key} cannot be written: {why}", key=path, why=error.strerror)
        ) from error


def _prepared(passphrase: str) -> str:
    """Return a passphrase as every keyboard gives it (RFC 8265 §4.2: OpaqueString).

    Composed, with blanks of any width as one that is ASCII, and without those at the ends.
    """
    from unicodedata import ucd_3_2_0  # noqa: PLC0415 - seldom

    # By an old version of Unicode: by a later one a passphrase might be another text.
    text = ucd_3_2_0.normalize("NFC", passphrase)
    return "".join(" " if one.isspace() else one for one in text).strip()


def _stretched(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - slow

    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=1 << 16)
    # What is not text is a wrong passphrase; `check_passphrase` refuses it as a new one.
    return kdf.derive(_prepared(passphrase).encode(errors="surrogatepass"))
