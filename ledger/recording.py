"""From admitted entries to events: recordings, marks of reversal, verifications, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import Reversal
from ledger.events import RECORDED, EntryReversed, EntryVerified, LedgerEvent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ledger.entries import AnyEntry
    from ledger.register import Register


def recording(
    fresh: Sequence[AnyEntry], register: Register, at: datetime, by: str, verify_by: str | None
) -> Iterator[LedgerEvent]:
    """The events of one import: all recordings, then the reversals' marks, then verifications."""
    versions: dict[str, int] = {}
    for entry in fresh:
        versions[entry.id] = 1
        yield RECORDED[entry.kind](
            originator_id=entry.id, originator_version=1, at=at, by=by, entry=entry
        )
    for entry in fresh:
        if isinstance(entry, Reversal):
            life = register.get(entry.of)
            version = versions.get(entry.of, life.version if life is not None else 0) + 1
            versions[entry.of] = version
            yield EntryReversed(
                originator_id=entry.of,
                originator_version=version,
                at=at,
                by=by,
                by_entry=entry.id,
                reason=entry.reason,
            )
    if verify_by is not None:
        for entry in fresh:
            yield EntryVerified(
                originator_id=entry.id,
                originator_version=versions[entry.id] + 1,
                at=at,
                by=verify_by,
            )
