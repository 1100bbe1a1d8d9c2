"""Warnings about entries that are valid but look mistaken."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from ledger.entries import CaseResolution, OnSiteResponse, PetitionBatch, ScreeningReport
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.entries import Entry
    from ledger.rules import Measure
    from ledger.validation import Arriving


WARNED_KINDS = (
    "petition_batch",
    "on_site_response",
    "case_resolution",
    "screening_report",
)
"""The kinds that have warnings."""


class Known(Protocol):
    """The recorded entries, and those of the same import."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return an entry, or None."""

    def root(self, entry_id: str) -> str | None:
        """Return the first of the entries that an entry replaces."""


def entry_warnings(entries: Iterable[Entry], known: Known) -> Iterator[str]:
    """Yield a warning for each entry that has less effect than its clerk may expect."""
    root = known.root
    for entry in entries:
        if isinstance(entry, PetitionBatch) and entry.host_unit == entry.unit:
            yield Message(
                "{id}: host_unit is the liable unit itself; nothing is shared", id=entry.id
            )
        elif isinstance(entry, OnSiteResponse):
            batch = known.entry(entry.batch)
            if isinstance(batch, PetitionBatch):
                involved = {root(unit) for unit in (batch.unit, batch.host_unit) if unit}
                if root(entry.unit) not in involved:
                    yield Message(
                        "{id}: {unit} is neither the liable nor the host unit of {batch}; the "
                        "response has no effect",
                        id=entry.id,
                        unit=entry.unit,
                        batch=entry.batch,
                    )
        elif isinstance(entry, CaseResolution):
            case = known.entry(entry.case)
            owner = getattr(case, "unit", entry.unit)
            if root(owner) != root(entry.unit):
                yield Message(
                    "{id}: {case} is a case of {owner}, not of {unit}",
                    id=entry.id,
                    case=entry.case,
                    owner=owner,
                    unit=entry.unit,
                )
        elif isinstance(entry, ScreeningReport) and entry.notice is not None:
            asked = getattr(known.entry(entry.notice), "units", None)
            if asked is not None and root(entry.unit) not in map(root, asked):
                yield Message(
                    "{id}: {notice} is not addressed to {unit}",
                    id=entry.id,
                    notice=entry.notice,
                    unit=entry.unit,
                )


def taken_back_warnings(arriving: Arriving) -> Iterator[Message]:
    """Yield a warning for each entry that names a unit which was taken back for good."""
    taken_back = arriving.units_taken_back()
    if not taken_back:
        return
    for entry in arriving.of_kinds(arriving.kinds()):
        for _, named, kind in entry.references():
            if kind == "unit" and named in taken_back:
                yield Message(
                    "{id}: {unit} was taken back by {by_entry}: it does not count",
                    id=entry.id,
                    unit=named,
                    by_entry=taken_back[named],
                )


def unread_warnings(arriving: Arriving, measure: Measure) -> Iterator[Message]:
    """Yield a warning for each kind and year of entries that no clause of its measure reads."""
    for kind in arriving.kinds():
        years = measure.years_without(kind)
        if not years:
            continue
        number_of = Counter(measure.year_of_entry(one) for one in arriving.of_kinds([kind]))
        for year in sorted(years & number_of.keys()):
            yield Message(
                "no clause of the measure of {year} reads {kind}: {number} recorded without effect "
                "on any score",
                year=year,
                kind=kind,
                number=number_of[year],
            )
