"""The receipt of an append."""

from __future__ import annotations

from msgspec import Struct


class Receipt(Struct):
    """Numbers of entries that an append recorded, verified and skipped."""

    recorded: int = 0
    verified: int = 0
    skipped: int = 0
    import_number: int | None = None
    """Position of the first event of the import; None where nothing was recorded."""
    position: int = 0
    """Position of the ledger's last event."""

    remarks: list[str] = []
    """Warnings for the person: what was skipped, what was recorded but looks mistaken."""

    entries: list[str] = []
    """Ids of the appended entries, in their order."""

    given: list[str] = []
    """Those that the ledger gave, to entries that came without one."""

    def as_json(self) -> dict[str, object]:
        """Return the receipt as the contract's JSON has it."""
        found: dict[str, object] = {
            "recorded": self.recorded,
            "verified": self.verified,
            "skipped": self.skipped,
            "import": self.import_number,
            "position": self.position,
        }
        return {**found, "given": self.given} if self.given else found
