"""Adopted measures: the content that a year's scores follow, from a position on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.editions import Withdrawn
    from ledger.events import MeasureAdopted
    from ledger.state import EventRef


def measure_sha256(content: Mapping[str, str]) -> str:
    """Return the hex SHA-256 of a measure's canonical JSON, in UTF-8.

    Args:
        content: the texts of the measure's files, by name relative to its folder.
    """
    import hashlib  # noqa: PLC0415 - not for a ledger without adoptions
    import json  # noqa: PLC0415

    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Adoption(Struct):
    """One adoption of a measure for a year, with its verification if there is one."""

    ref: EventRef
    event: MeasureAdopted
    version: int
    """Of the last event of its stream."""
    verified: EventRef | None = None
    withdrawn: Withdrawn | None = None

    @property
    def effective(self) -> bool:
        """Whether it is in force until another one follows: verified, or made with the ledger."""
        return self.event.founding or self.verified is not None

    @property
    def awaits_verification(self) -> bool:
        """Whether it is neither in force nor withdrawn."""
        return not self.effective and self.withdrawn is None


def in_force(adoptions: Sequence[Adoption], *, provisional: bool = False) -> Adoption | None:
    """Return the adoption in force among those of one year, oldest first.

    Args:
        adoptions: the adoptions of the year.
        provisional: whether one that awaits verification counts too.
    """
    counting = (
        one
        for one in reversed(adoptions)
        if one.effective or (provisional and one.awaits_verification)
    )
    return next(counting, None)
