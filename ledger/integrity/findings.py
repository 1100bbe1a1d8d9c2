"""The findings of a check, each with its kind and position, and the report of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.identifiers import redact
from ledger.integrity.note import to_base64
from ledger.message import Message

MOST = 1_000
"""Findings listed at most; the rest are counted."""

KINDS = (
    *(Message("changed"), Message("missing"), Message("moved"), Message("cut"), Message("foreign")),
    *(Message("unreadable"), Message("implausible"), Message("store"), Message("checkpoint")),
    Message("read_model"),
)
"""The kinds of findings, marked for translation; `read_model` is not about the ledger."""


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


@dataclass(slots=True)
class Report:
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
    findings: list[CheckFinding] = field(default_factory=list)
    passed_over: int = 0
    """Number of findings that are not listed."""

    def add(self, finding: CheckFinding) -> None:
        """List a finding, or count it if there are `MOST` already."""
        if len(self.findings) < MOST:
            self.findings.append(finding)
        else:
            self.passed_over += 1

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
            "findings": [finding.as_json() for finding in self.findings],
            "passed_over": self.passed_over,
        }
