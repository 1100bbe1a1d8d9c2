"""What a check found: each finding with what it is and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.identifiers import redact
from ledger.integrity.note import to_base64
from ledger.saying import Said

MOST = 1_000
"""Findings that are listed; of a ruined ledger the rest says nothing new."""


KINDS = (
    *(Said("changed"), Said("missing"), Said("moved"), Said("cut"), Said("foreign")),
    *(Said("unreadable"), Said("implausible"), Said("store"), Said("checkpoint")),
    Said("view"),
)
"""What a finding may be."""


class Finding(NamedTuple):
    """One thing that is not as it was written, or could not have been written so."""

    kind: str
    """One of `KINDS`; `view` is of the view, and not of the ledger."""
    message: str
    position: int | None = None
    id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of `tally check --json`; identifiers of persons masked."""
        return {
            "kind": self.kind,
            "position": self.position,
            "id": None if self.id is None else redact(self.id),
            "message": redact(self.message),
        }

    def said(self) -> Said:
        """A line for a person, identifiers not yet masked."""
        place = Said("position {position}: ", position=self.position)
        return Said(
            "{kind}: {place}{name}{message}",
            kind=Said(self.kind),
            place="" if self.position is None else place,
            name="" if self.id is None else Said("{id}: ", id=self.id),
            message=self.message,
        )

    def __str__(self) -> str:
        """A line for a person."""
        return redact(self.said())


@dataclass(slots=True)
class Report:
    """All that a check found."""

    position: int = 0
    """Of the last row."""
    size: int = 0
    """Rows read."""
    root: bytes = b""
    checkpoints: int = 0
    """Signed heads that the ledger was compared with."""
    covered: int = 0
    """The largest size that one of them proves."""
    findings: list[Finding] = field(default_factory=list)
    passed_over: int = 0
    """Findings beyond the first thousand."""

    def add(self, finding: Finding) -> None:
        """Takes in a finding, or counts it where there are too many."""
        if len(self.findings) < MOST:
            self.findings.append(finding)
        else:
            self.passed_over += 1

    @property
    def uncovered(self) -> tuple[int, int] | None:
        """The first and last position that no checkpoint covers."""
        return (self.covered + 1, self.position) if self.covered < self.position else None

    def as_json(self) -> dict[str, Any]:
        """The contract's shape; the root as in a checkpoint, in base64."""
        return {
            "position": self.position,
            "size": self.size,
            "root": to_base64(self.root),
            "checkpoints": self.checkpoints,
            "uncovered": self.uncovered,
            "findings": [finding.as_json() for finding in self.findings],
            "passed_over": self.passed_over,
        }
