"""The key of a ledger: made with it, kept outside it, for its owner's eyes alone."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ledger.integrity.errors import KeyFileError, NoteError
from ledger.integrity.note import Signer, Verifier
from ledger.places import place_beside
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

_OWNER_ONLY = 0o600


class KeyPlaces:
    """Where what belongs to a ledger and must not lie in it is kept.

    Beside a SQLite file (`tally.db.key`), in `$XDG_CONFIG_HOME/tally` for PostgreSQL, or where
    `TALLY_KEY` says: the private key; the public keys, one a line, the newest first; the last
    checkpoint; and the hashes of the leaves below it.
    """

    def __init__(self, url: str) -> None:
        """The places for the ledger at a URL."""
        named = os.environ.get("TALLY_KEY")
        self.key = Path(named) if named else place_beside(url, ".key", "XDG_CONFIG_HOME", ".config")
        stem = self.key.with_suffix("") if self.key.suffix == ".key" else self.key
        self.public = stem.with_name(stem.name + ".pub")
        self.checkpoint = stem.with_name(stem.name + ".checkpoint")
        self.leaves = stem.with_name(stem.name + ".leaves")


def make_key(url: str, signer: Signer | None = None, earlier: Sequence[Verifier] = ()) -> Signer:
    """Makes the key of a new ledger and writes its public half beside it.

    Args:
        url: the ledger.
        signer: the key of a ledger that is moved here; else a new one, of a new origin.
        earlier: public keys whose signatures stay good.

    Raises:
        KeyFileError: there is a file already, or none can be written.
    """
    places = KeyPlaces(url)
    made = signer or Signer.make(f"tally/{secrets.token_hex(8)}")
    try:
        places.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _new_file(places.key, _OWNER_ONLY) as file:
            file.write(made.secret() + "\n")
    except FileExistsError:
        raise _in_the_way(places.key) from None
    except OSError as error:
        raise KeyFileError(
            Said("{key} cannot be written: {why}", key=places.key, why=error.strerror)
        ) from error
    verifiers = [made.verifier, *(one for one in earlier if one != made.verifier)]
    places.public.unlink(missing_ok=True)
    write_public(places.public, verifiers)
    return made


def renew_key(url: str) -> Signer:
    """A new key for a ledger that lost its own or never had one; the origin stays.

    Raises:
        KeyFileError: there is one.
    """
    public = KeyPlaces(url).public
    earlier = load_verifiers(url, public) if public.exists() else []
    return make_key(url, Signer.make(earlier[0].name) if earlier else None, earlier)


def adopt_key(url: str, signer: Signer | None, verifiers: Sequence[Verifier]) -> None:
    """Gives a ledger that was moved to a URL a key there, whose older signatures stay good.

    The key that is there already; else the ledger's own, where it could be read; else a new one
    of the same origin.

    Args:
        url: the ledger's new place.
        signer: the ledger's own private key, if it is at hand.
        verifiers: its public keys.
    """
    if KeyPlaces(url).key.exists():
        known = load_verifiers(url)
        fresh = [verifier for verifier in verifiers if verifier not in known]
        if fresh:
            KeyPlaces(url).public.unlink(missing_ok=True)
            write_public(KeyPlaces(url).public, [*known, *fresh])
        return
    if signer is None and verifiers:
        signer = Signer.make(verifiers[0].name)
    make_key(url, signer, verifiers)


def clear_key_place(url: str) -> list[Path]:
    """Before a ledger is made: sets aside what belonged to another that is gone; nothing is lost.

    Returns:
        Where the files were moved to.

    Raises:
        KeyFileError: `TALLY_KEY` names the place, and there is a key: that one is not moved.
    """
    places = KeyPlaces(url)
    if not places.key.exists():
        return []
    if os.environ.get("TALLY_KEY"):
        raise _in_the_way(places.key)
    number = 1
    while (suffix := f".old-{number}") and places.key.with_name(places.key.name + suffix).exists():
        number += 1
    files = (places.key, places.public, places.checkpoint, places.leaves)
    return [path.rename(path.with_name(path.name + suffix)) for path in files if path.exists()]


def _in_the_way(path: Path) -> KeyFileError:
    return KeyFileError(
        Said(
            "{path} is the key of a ledger already, and each has its own: move it "
            "away, or name another place with TALLY_KEY",
            path=path,
        )
    )


def write_public(path: Path, verifiers: Sequence[Verifier]) -> None:
    """Writes public keys into a new file, for whoever wants to verify."""
    try:
        with _new_file(path, 0o644) as file:
            file.writelines(f"{verifier}\n" for verifier in verifiers)
    except OSError as error:
        raise KeyFileError(
            Said("{path} cannot be written: {why}", path=path, why=error.strerror)
        ) from error


def _new_file(path: Path, mode: int) -> IO[str]:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    return os.fdopen(descriptor, "w", encoding="utf-8")


def load_key(url: str) -> Signer:
    """The private key of a ledger.

    Raises:
        KeyFileError: there is none, others may read it, or it is damaged.
    """
    path = KeyPlaces(url).key
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KeyFileError(
            Said(
                "{path}: there is no key to sign with; name its file with TALLY_KEY, or "
                "make a new one with `tally checkpoint --new-key`",
                path=path,
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(Said("{path} cannot be read: {error}", path=path, error=error)) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(
            Said(
                "{path} may be read by others (mode {mode:o}), so its signatures prove "
                "nothing; if nobody had it, run `chmod 600 {path}`, else make another",
                path=path,
                mode=stat.S_IMODE(mode),
            )
        )
    try:
        return Signer.parse(text.strip())
    except NoteError as error:
        raise KeyFileError(
            Said("{path}: {error}; restore it from a copy", path=path, error=error)
        ) from None


def find_key(url: str) -> Signer | None:
    """The private key, or None where there is no file of it; otherwise as `load_key`."""
    return load_key(url) if KeyPlaces(url).key.exists() else None


def load_verifiers(url: str, given: Path | None = None) -> list[Verifier]:
    """The public keys that a ledger's checkpoints are verified by; none where none is kept.

    Args:
        url: the ledger.
        given: an auditor's own copy, which is then the only one trusted.

    Raises:
        KeyFileError: a file is given that cannot be read, or a line is no public key.
    """
    path = given or KeyPlaces(url).public
    if given is None and not path.exists():
        signer = find_key(url)
        return [] if signer is None else [signer.verifier]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Verifier.parse(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise KeyFileError(
            Said("{path} holds no public keys: {error}", path=path, error=error)
        ) from None
