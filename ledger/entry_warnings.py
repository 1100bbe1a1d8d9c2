"""Warnings about entries that are valid but look mistaken."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from ledger.entries import (
    CaseReport,
    CaseResolution,
    MeasureEntry,
    OnSiteResponse,
    PetitionBatch,
    ScreeningReport,
    Unit,
)
from ledger.entries.base import units_of
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
    "case_report",
    "unit",
)
"""The kinds that have warnings, beside a measure's own."""


_BY_MEASURE = (CaseReport, MeasureEntry, ScreeningReport, Unit)
"""The kinds of which some measure may count less than one expects."""


class Known(Protocol):
    """The recorded entries, and those of the same import."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return an entry, or None."""

    def root(self, entry_id: str) -> str | None:
        """Return the first of the entries that an entry replaces."""


def entry_warnings(entries: Iterable[Entry], known: Known, measure: Measure) -> Iterator[str]:
    """Yield a warning for each entry that has less effect than its clerk may expect."""
    for entry in entries:
        if isinstance(entry, _BY_MEASURE):
            yield from measure.warnings(entry)
        if isinstance(entry, PetitionBatch) and entry.host_unit == entry.unit:
            yield Message(
                "{id}: host_unit is the liable unit itself; nothing is shared", id=entry.id
            )
        elif isinstance(entry, OnSiteResponse):
            yield from _response_warnings(entry, known)
        elif isinstance(entry, CaseResolution):
            yield from _resolution_warnings(entry, known)
        elif isinstance(entry, MeasureEntry):
            yield from _answer_warnings(entry, known)
        elif isinstance(entry, ScreeningReport) and entry.notice is not None:
            asked = getattr(known.entry(entry.notice), "units", None)
            if asked is not None and known.root(entry.unit) not in map(known.root, asked):
                yield Message(
                    "{id}: {notice} is not addressed to {unit}",
                    id=entry.id,
                    notice=entry.notice,
                    unit=entry.unit,
                )


def _response_warnings(entry: OnSiteResponse, known: Known) -> Iterator[str]:
    batch = known.entry(entry.batch)
    if isinstance(batch, PetitionBatch):
        involved = {known.root(unit) for unit in (batch.unit, batch.host_unit) if unit}
        if known.root(entry.unit) not in involved:
            yield Message(
                "{id}: {unit} is neither the liable nor the host unit of {batch}; the "
                "response has no effect",
                id=entry.id,
                unit=entry.unit,
                batch=entry.batch,
            )


def _resolution_warnings(entry: CaseResolution, known: Known) -> Iterator[str]:
    owner = getattr(known.entry(entry.case), "unit", entry.unit)
    if known.root(owner) != known.root(entry.unit):
        yield Message(
            "{id}: {case} is a case of {owner}, not of {unit}",
            id=entry.id,
            case=entry.case,
            owner=owner,
            unit=entry.unit,
        )


def _answer_warnings(entry: MeasureEntry, known: Known) -> Iterator[str]:
    """Yield a warning for each entry of another unit that an entry of an own kind refers to."""
    for _, named, kind in entry.references():
        target = None if kind == "unit" else known.entry(named)
        owners = [] if target is None else units_of(target)
        if owners and known.root(entry.unit) not in map(known.root, owners):
            yield Message(
                "{id}: {named} ({kind}) is of {owner}, not of {unit}; it is not answered by this",
                id=entry.id,
                named=named,
                kind=kind,
                owner=owners[0],
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
