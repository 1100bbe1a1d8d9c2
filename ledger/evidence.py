"""Papers that entries rest on: kept beside the ledger by the hash of their content, never in it."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import IO, TYPE_CHECKING

from ledger.errors import TallyError
from ledger.message import Message
from ledger.sidecar_paths import sidecar_path
from ledger.stores.parts import sync

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 50_000_000
"""Bytes of one paper at most."""

_BLOCK = 1 << 20
_HASH = re.compile("[0-9a-f]{64}")
_STALE = 24 * 60 * 60
"""Seconds after which a part that nobody finished is removed."""


class EvidenceError(TallyError):
    """A paper cannot be kept, or is not what it was."""


class Papers:
    """The papers of one ledger: `tally.db.evidence/ab/abcd…`, each named by its SHA-256.

    The folder is beside a SQLite file, beside the key of a ledger in PostgreSQL, or the one that
    `TALLY_EVIDENCE` names. It and the files are the owner's alone; no link in it is followed.
    """

    def __init__(self, url: str) -> None:
        """Determine the folder for the ledger at a URL; nothing is made yet."""
        named = os.environ.get("TALLY_EVIDENCE")
        self.folder = (
            Path(named) if named else sidecar_path(url, ".evidence", "XDG_CONFIG_HOME", ".config")
        )
        self._may_be_link = bool(named)

    def path(self, digest: str) -> Path:
        """Return the path of a paper by its SHA-256, whether it is there or not."""
        assert _HASH.fullmatch(digest), digest
        return self.folder / digest[:2] / digest

    def is_here(self, digest: str) -> bool:
        """Return whether a paper is there, whole or not."""
        return self.path(digest).is_file()

    def add(self, source: IO[bytes], name: str) -> str:
        """Keep what a stream holds; return its SHA-256. The same content is kept once.

        Args:
            source: the paper, at its beginning.
            name: how messages call it.

        Raises:
            EvidenceError: it is empty, has more than `MOST` bytes, or cannot be read or written.
        """
        part = None
        try:
            self._make(self.folder)
            self._remove_stale()
            descriptor, part = mkstemp(suffix=".part", dir=self.folder)
            with os.fdopen(descriptor, "wb") as file:
                digest = _copied(source, file, name)
                file.flush()
                os.fsync(file.fileno())
            place = self.path(digest)
            self._make(place.parent)
            # In place of one of the same name, which may have been damaged.
            Path(part).replace(place)
            part = None
            sync(place.parent)
            sync(self.folder)
        except OSError as error:
            raise EvidenceError(
                Message(
                    "{name} cannot be kept in {folder}: {why}",
                    name=name,
                    folder=self.folder,
                    why=error.strerror or error,
                )
            ) from error
        finally:
            if part is not None:
                Path(part).unlink(missing_ok=True)
        return digest

    def kept(self) -> list[str]:
        """Return the SHA-256 of every paper that is there, by its name, in order.

        Raises:
            EvidenceError: the folder cannot be read.
        """
        try:
            return sorted(self._kept())
        except OSError as error:
            raise self._unreadable(self.folder, error) from error

    def copy(self, digest: str, target: IO[bytes]) -> None:
        """Copy a paper into a stream, and prove it whole.

        Raises:
            EvidenceError: it is not there, cannot be read, or is not what it was: what was copied
                is to be thrown away.
        """
        path = self.path(digest)
        try:
            self._refuse_links(path.parent)
            with opened(path) as source:
                found = _copied(source, target, digest)
        except FileNotFoundError:
            raise EvidenceError(
                Message("there is no paper {sha256} in {folder}", sha256=digest, folder=self.folder)
            ) from None
        except OSError as error:
            raise self._unreadable(path, error) from error
        if found != digest:
            raise EvidenceError(
                Message("{path} is damaged: its SHA-256 is {found}", path=path, found=found)
            )

    def _kept(self) -> Iterator[str]:
        if not self.folder.exists():
            return
        self._refuse_links(self.folder)
        for folder in self.folder.iterdir():
            if len(folder.name) == len("ab") and folder.is_dir() and not folder.is_symlink():
                for one in folder.iterdir():
                    if _HASH.fullmatch(one.name) and one.name.startswith(folder.name):
                        yield one.name

    def _make(self, folder: Path) -> None:
        self._refuse_links(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _refuse_links(self, folder: Path) -> None:
        """Raise an `OSError` if the folder of the papers, or one in it, is a link."""
        for one in (self.folder, folder):
            if one.is_symlink() and not (self._may_be_link and one == self.folder):
                words = Message("it is a link; name the folder by TALLY_EVIDENCE")
                raise OSError(errno.ELOOP, words, str(one))

    def _remove_stale(self) -> None:
        for one in self.folder.glob("*.part"):
            with suppress(FileNotFoundError):  # its writer has finished
                if time.time() - one.lstat().st_mtime > _STALE:
                    one.unlink()

    def _unreadable(self, path: Path, error: OSError) -> EvidenceError:
        why = error.strerror or error
        return EvidenceError(Message("{path} cannot be read: {why}", path=path, why=why))


def opened(path: Path) -> IO[bytes]:
    """Open a file to read; refuse a link, a device and a pipe.

    Raises:
        OSError: it cannot be opened, or is something else than a file.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, Message("it is a link; name the file itself"), str(path))
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # as far as the system has them
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        words = Message("it is not a file, but a folder, a device or a pipe")
        raise OSError(errno.EINVAL, words, str(path))
    return os.fdopen(descriptor, "rb")


def _copied(source: IO[bytes], target: IO[bytes], name: str) -> str:
    """Copy a stream within the bound; return the SHA-256 of what it held."""
    digest, size = sha256(), 0
    while block := source.read(_BLOCK):
        size += len(block)
        if size > MOST:
            words = Message(
                "{name} has more than the {most:,} bytes of a paper", name=name, most=MOST
            )
            raise EvidenceError(words)
        digest.update(block)
        target.write(block)
    if not size:
        raise EvidenceError(Message("{name} is empty", name=name))
    return digest.hexdigest()
