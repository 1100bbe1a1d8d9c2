"""Open points: what needs an entry, a ruling, an inspection, a verification or a decision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cli.pages.views.history import returned_words
from cli.pages.views.page import MAX_ROWS, Link, Page, PageContext
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.postings import OpenPoint
    from projections.scores import UnitScore

MEANINGS = {
    "undetermined": Message("The measure names no amount here: a ruling is needed."),
    "incomplete": Message("What would decide is not recorded with the entry: record it."),
    "not_inspected": Message("No finding is recorded for the item: it scores 0 until one is."),
    "unverified": Message("Nobody has verified the entry yet (核定): it does not count."),
    "objection": Message("The unit objects and the office has not decided."),
}
"""By kind, what an open point means and what to do about it."""


class OpenPointRow(NamedTuple):
    """One open point of a unit."""

    unit: Link
    unit_id: str
    kind: str
    kind_text: str
    entry: Link | None
    clause: Link | None
    meaning: str
    sent_back: str
    """Who sent the entry back, and why; empty if nobody did."""


class UnitCounts(NamedTuple):
    """Number of open points of a unit by kind."""

    unit: Link
    unit_id: str
    kinds: list[str]
    text: str


def open_point_rows(
    points: Iterable[OpenPoint], score: UnitScore, context: PageContext
) -> list[OpenPointRow]:
    """Return open points of a unit as rows."""
    rows = []
    for point in points:
        clause = context.data.measure.clauses.get(point.clause or "")
        known = context.data.state.get(point.entry or "")
        sent_back = None if known is None else known.sent_back
        rows.append(
            OpenPointRow(
                context.unit_link(score.unit, score.name),
                score.unit,
                point.kind,
                context.translate.term(point.kind),
                None if point.entry is None else context.entry_link(point.entry),
                None
                if clause is None
                else Link(context.clause_name(clause), context.links.clause(clause.slug)),
                context.translate(MEANINGS[point.kind]),
                "" if sent_back is None else context.translate(returned_words(sent_back)),
            )
        )
    return rows


def _unit_counts(score: UnitScore, context: PageContext) -> UnitCounts:
    counts = Counter(point.kind for point in score.open)
    text = ", ".join(f"{context.translate.term(kind)} {count}" for kind, count in counts.items())
    unit = Link(score.name, context.links.unit(score.unit, "open"), chinese=True)
    return UnitCounts(unit, score.unit, list(counts), text)


def open_kinds(units: Iterable[UnitScore], context: PageContext) -> list[tuple[str, str, int, str]]:
    """Return the kinds of open points that units have: name, label, number and meaning."""
    counts = Counter[str](point.kind for score in units for point in score.open)
    return [
        (name, context.translate.term(name), counts[name], context.translate(meaning))
        for name, meaning in MEANINGS.items()
        if counts[name]
    ]


def open_page(context: PageContext, kind: str = "") -> Page:
    """Return the page of all open points, by unit in rank order.

    Args:
        context: of the page.
        kind: the one kind to show; rows of others are hidden.
    """
    units, translate = context.data.scores.units, context.translate
    rows = [row for score in units for row in open_point_rows(score.open, score, context)]
    of_units = None
    if len(rows) > MAX_ROWS:
        of_units = [_unit_counts(score, context) for score in units if score.open]
    values = {
        "rows": rows,
        "of_units": of_units,
        "kinds": open_kinds(units, context),
        "chosen": kind,
    }
    title = translate("Open points {year}", year=context.data.year)
    return Page("open.html", title, [], values, {}, "open")
