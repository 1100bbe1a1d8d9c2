"""What an append came to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Receipt:
    """What an append came to; `position` is that of the ledger's last event."""

    recorded: int = 0
    verified: int = 0
    skipped: int = 0
    position: int = 0
    remarks: list[str] = field(default_factory=list)
    """Remarks for the person: what was passed over, what is recorded but looks mistaken."""

    entries: list[str] = field(default_factory=list)
    """Ids of what was appended, in their order."""

    def as_json(self) -> dict[str, int]:
        """The contract's receipt."""
        return {
            "recorded": self.recorded,
            "verified": self.verified,
            "skipped": self.skipped,
            "position": self.position,
        }
