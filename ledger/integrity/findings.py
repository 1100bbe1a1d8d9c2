"""The findings of a check, each with its kind and position, and the report of all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, field

from ledger.accounts import NAMES_AS_TYPED
from ledger.identifiers import redact
from ledger.integrity.note import to_base64
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.asides import SetAside

MOST = 1_000
"""Findings listed at most; the rest are counted."""

KINDS = (
    *(Message("checkpoint"), Message("changed"), Message("cut"), Message("missing")),
    *(Message("moved"), Message("foreign"), Message("signature"), Message("store")),
    *(Message("unreadable"), Message("implausible"), Message("evidence"), Message("read_model")),
)
"""The kinds of findings, marked for translation, as they are listed.

First those that a signature or a hash proves: whoever changes a ledger can make any number of the
others. `read_model` is not about the ledger.
"""

_RANK = {str(kind): rank for rank, kind in enumerate(KINDS)}
_PROVED = _RANK["store"]
"""Kinds up to this one are listed before the others; among each other, by position."""


class CheckFinding(NamedTuple):
    """Something stored that was changed, or that the ledger could not have written."""

    kind: str
    """One of `KINDS`."""
    message: str
    position: int | None = None
    id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the JSON of `tally check`, with identifiers of persons masked."""
        return {
            "kind": self.kind,
            "position": self.position,
            "id": None if self.id is None else redact(self.id),
            "message": redact(self.message),
        }

    def sentence(self) -> Message:
        """Return the line for a person, with identifiers not yet masked."""
        place = Message("position {position}: ", position=self.position)
        return Message(
            "{kind}: {place}{name}{message}",
            kind=Message(self.kind),
            place="" if self.position is None else place,
            name="" if self.id is None else Message("{id}: ", id=self.id),
            message=self.message,
        )

    def __str__(self) -> str:
        return redact(self.sentence())


class Acceptance(NamedTuple):
    """On the record: the office went on from an earlier copy of the ledger."""

    position: int
    lost: int
    """The last position that had been acknowledged."""
    at: str
    by: str
    reason: str

    def sentence(self) -> Message:
        """Return the line for a person, with identifiers not yet masked."""
        return Message(
            "position {position}: {by} accepted an earlier copy; what stood from here up to "
            "position {lost} is lost ({reason})",
            position=self.position,
            lost=self.lost,
            by=self.by,
            reason=self.reason,
        )


class FourEyes(NamedTuple):
    """How the recorders and verifiers of verified entries are proved."""

    proved: int = 0
    """Verified entries whose recorder and verifier are two accounts by two keys."""
    typed: int = 0
    """All others: names as typed."""
    accounts: int = 0
    """Accounts of the ledger, closed ones too."""
    unproved: Sequence[tuple[int, int]] = ()
    """First and last position of the events of which something set aside leaves nothing proved."""

    def as_json(self) -> dict[str, Any]:
        """Return what the JSON of `tally check` says of them."""
        return {
            "two_keys": self.proved,
            "names_as_typed": self.typed,
            "accounts": self.accounts,
            "unproved": list(self.unproved),
        }

    def sentence(self) -> Message:
        """Return the line for a person."""
        if not self.accounts:
            return Message("who recorded and who verified: {typed}", typed=NAMES_AS_TYPED)
        return Message(
            "verified entries: {proved} by two accounts with two keys, {others} by {typed}",
            proved=self.proved,
            others=self.typed,
            typed=NAMES_AS_TYPED,
        )

    def unproved_sentences(self) -> list[Message]:
        """Return a line for a person on each of `unproved`."""
        return [
            Message(
                "the events {first}–{last} are not proved: one of them, or the signature of their "
                "append, was set aside",
                first=first,
                last=last,
            )
            for first, last in self.unproved
        ]


class PapersFound(NamedTuple):
    """How many papers are kept beside the ledger (`ledger/evidence.py`)."""

    whole: int = 0
    """Those that an entry names and whose SHA-256 is the one that it states."""
    missing: int = 0
    """Those that an entry names and that are not here."""
    unnamed: int = 0
    """Those that are here and that no entry names."""

    def sentence(self) -> Message:
        """Return the line for a person."""
        return Message(
            "papers: {whole} present and whole, {missing} named but not here, {unnamed} that no "
            "entry names",
            **self._asdict(),
        )


class Report(Struct):
    """The result of a check."""

    position: int = 0
    """Position of the last row."""
    size: int = 0
    """Number of rows read."""
    root: bytes = b""
    checkpoints: int = 0
    """Number of signed heads that the ledger was compared with."""
    covered: int = 0
    """The largest size, in events, of these heads."""
    keys: tuple[str, ...] = ()
    """The public keys that were trusted, each as name and id."""
    asides: list[SetAside] = []
    """Damaged positions that were set aside on the record: no faults any longer."""
    accepted: list[Acceptance] = []
    """Losses that were accepted on the record."""
    four_eyes: FourEyes = FourEyes()
    papers: PapersFound = PapersFound()
    counts: Counter[str] = field(default_factory=Counter)
    """Number of findings of each kind, listed or not."""
    _kept: dict[str, list[CheckFinding]] = {}

    def add(self, finding: CheckFinding) -> None:
        """Count a finding, and keep it unless there are `MOST` of its kind already."""
        self.counts[finding.kind] += 1
        kept = self._kept.setdefault(finding.kind, [])
        if len(kept) < MOST:
            kept.append(finding)

    @property
    def findings(self) -> list[CheckFinding]:
        """Return up to `MOST` findings, those that a signature or a hash proves first."""
        found = [finding for kept in self._kept.values() for finding in kept]

        def place(finding: CheckFinding) -> tuple[int, int]:
            return max(_RANK[finding.kind], _PROVED), finding.position or 0

        return sorted(found, key=place)[:MOST]

    @property
    def passed_over(self) -> int:
        """Return the number of findings that are not listed."""
        return max(0, self.counts.total() - MOST)

    def counted(self) -> dict[str, int]:
        """Return the number of findings of each kind that there are, in the order of `KINDS`."""
        return {str(kind): self.counts[kind] for kind in KINDS if self.counts[kind]}

    @property
    def uncovered(self) -> tuple[int, int] | None:
        """Return the first and last position that no checkpoint covers, or None."""
        return (self.covered + 1, self.position) if self.covered < self.position else None

    def as_json(self) -> dict[str, Any]:
        """Return the JSON of `tally check`; the root in base64, as in a checkpoint."""
        return {
            "position": self.position,
            "size": self.size,
            "root": to_base64(self.root),
            "checkpoints": self.checkpoints,
            "uncovered": self.uncovered,
            "keys": list(self.keys),
            "set_aside": [one.as_json() for one in self.asides],
            "accepted": [one._asdict() for one in self.accepted],
            "verified": self.four_eyes.as_json(),
            "evidence": self.papers._asdict(),
            "counts": self.counted(),
            "findings": [finding.as_json() for finding in self.findings],
            "passed_over": self.passed_over,
        }
