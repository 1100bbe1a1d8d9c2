"""What the proofs of wholeness refuse, each with what to do about it."""

from __future__ import annotations

from ledger.errors import TallyError
from ledger.saying import Said


class DamagedError(TallyError):
    """The ledger is not what it was."""

    def __init__(self, url: str, what: str) -> None:
        self.what = what
        super().__init__(
            Said(
                "{url}: {what}. The ledger is damaged or was changed: run `tally check`, "
                "and restore it from a backup.",
                url=url,
                what=what,
            )
        )


class NoteError(TallyError):
    """A note, key or checkpoint that is not in its format, or not signed by a known key."""


class ProofError(TallyError):
    """A proof that does not prove."""


class KeyFileError(TallyError):
    """The file of the ledger's key is missing, exposed, damaged or in the way."""
