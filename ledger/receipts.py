"""The receipt of an append."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Receipt:
    """Numbers of entries that an append recorded, verified and skipped."""

    recorded: int = 0
    verified: int = 0
    skipped: int = 0
    position: int = 0
    """Position of the ledger's last event."""

    remarks: list[str] = field(default_factory=list)
    """Warnings for the person: what was skipped, what was recorded but looks mistaken."""

    entries: list[str] = field(default_factory=list)
    """Ids of the appended entries, in their order."""

    def as_json(self) -> dict[str, int]:
        """Return the receipt as the contract's JSON has it."""
        return {
            "recorded": self.recorded,
            "verified": self.verified,
            "skipped": self.skipped,
            "position": self.position,
        }
