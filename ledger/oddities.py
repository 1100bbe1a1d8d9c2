"""What is allowed but looks mistaken: told to the clerk when an entry is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import CaseResolution, OnSiteResponse, PetitionBatch, ScreeningReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.entries import Entry
    from ledger.register import Register


def oddities(entries: Iterable[Entry], register: Register) -> Iterator[str]:
    """A sentence for each entry that will have less effect than its clerk may think."""
    for entry in entries:
        if isinstance(entry, PetitionBatch) and entry.host_unit == entry.unit:
            yield f"{entry.id}: host_unit is the liable unit itself; nothing is shared"
        elif isinstance(entry, OnSiteResponse):
            batch = _entry(entry.batch, register)
            if isinstance(batch, PetitionBatch):
                involved = {register.root(unit) for unit in (batch.unit, batch.host_unit) if unit}
                if register.root(entry.unit) not in involved:
                    yield (
                        f"{entry.id}: {entry.unit} is neither the liable nor the host unit of "
                        f"{entry.batch}; the response has no effect"
                    )
        elif isinstance(entry, CaseResolution):
            case = _entry(entry.case, register)
            owner = getattr(case, "unit", entry.unit)
            if register.root(owner) != register.root(entry.unit):
                yield f"{entry.id}: {entry.case} is a case of {owner}, not of {entry.unit}"
        elif isinstance(entry, ScreeningReport) and entry.notice is not None:
            asked = getattr(_entry(entry.notice, register), "units", None)
            if asked is not None and register.root(entry.unit) not in map(register.root, asked):
                yield f"{entry.id}: {entry.notice} asks nothing of {entry.unit}"


def _entry(entry_id: str, register: Register) -> Entry | None:
    life = register.get(entry_id)
    return None if life is None else life.entry
