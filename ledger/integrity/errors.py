"""Errors of the proofs that a ledger is complete and unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path


class DamagedError(TallyError):
    """The ledger has a gap, or is not what its checkpoints signed."""

    def __init__(self, url: str, what: str) -> None:
        self.what = what
        super().__init__(
            Message(
                "{url}: {what}. The ledger is damaged or was changed: run `tally check`, and "
                "restore it from a backup, or set a damaged position aside with `tally set-aside`.",
                url=url,
                what=what,
            )
        )


class NoteError(TallyError):
    """A note, key or checkpoint is malformed, or not signed by a known key."""


class ProofError(TallyError):
    """A proof does not prove what it claims."""


class KeyFileError(TallyError):
    """The file of a key is missing, readable by others, damaged or already there."""


class NoKeyFileError(KeyFileError):
    """There is no file of a key."""


class WrongPassphraseError(KeyFileError):
    """A passphrase does not open the file of a key."""


class KeyExistsError(KeyFileError):
    """A key to be made exists already."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Message(
                "{path} is already the key of a ledger, and each ledger has its own: move it away, "
                "or name another file with TALLY_KEY",
                path=path,
            )
        )
