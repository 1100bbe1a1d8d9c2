"""The clauses that read an entry, by its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import InspectionFinding

if TYPE_CHECKING:
    from ledger.entries import Entry

CLAUSES_OF_KIND: dict[str, tuple[str, ...]] = {
    "screening_report": ("screening",),
    "case_report": ("case-reports",),
    "information_report": ("information",),
    "petition_batch": (
        "abnormal-petitions",
        "information",
        "disqualification",
        "special-period",
        "no-collective",
    ),
    "on_site_response": ("abnormal-petitions", "information"),
    "special_period": ("special-period",),
    "notice": ("screening",),
    "commendation": ("commendation",),
    "research_site": ("research-site",),
    "supervised_case": ("supervised-cases",),
    "case_resolution": ("supervised-cases",),
    "criticism": ("criticism",),
    "yellow_card": ("yellow-card",),
}
"""The clauses that read an entry of a kind; first the one that it is recorded for."""


def clauses_of(entry: Entry) -> tuple[str, ...]:
    """Return the slugs of the clauses that read an entry; none for units and rulings."""
    if isinstance(entry, InspectionFinding):
        return (f"inspection-{entry.item}",)
    return CLAUSES_OF_KIND.get(entry.KIND, ())


def clause_of(entry: Entry) -> str | None:
    """Return the slug of the clause that an entry is recorded for."""
    found = clauses_of(entry)
    return found[0] if found else None
