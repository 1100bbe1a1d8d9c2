"""Open points: what awaits an entry, a ruling, an inspection, a verification or a decision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cli.pages.views.page import LISTED, Desk, Link, Page
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.postings import OpenPoint
    from projections.scores import UnitScore

MEANINGS = {
    "undetermined": Message("The measure names no amount here: a ruling is needed (四.4)."),
    "incomplete": Message("No response on site is recorded for the batch: record one."),
    "not_inspected": Message("No finding is recorded for the item: it scores 0 until one is."),
    "unverified": Message("Nobody has verified the entry yet (核定): it does not count."),
    "objection": Message("The unit objects and the office has not decided."),
}
"""By kind: what it means and what to do."""


class Open(NamedTuple):
    """One open point of a unit."""

    unit: Link
    unit_id: str
    kind: str
    kind_told: str
    entry: Link | None
    clause: Link | None
    meaning: str


def points(score: UnitScore, desk: Desk, some: Iterable[OpenPoint] | None = None) -> list[Open]:
    """The open points of a unit, or some of them."""
    rulebook = desk.view.rulebook
    found = []
    for point in score.open if some is None else some:
        clause = rulebook.clauses.get(point.clause or "")
        name = None if clause is None else f"{clause.citation} {desk.say.of(clause.title)}"
        found.append(
            Open(
                desk.unit(score.unit, score.name),
                score.unit,
                point.kind,
                desk.say.term(point.kind),
                None if point.entry is None else desk.entry(point.entry),
                None if clause is None else Link(name or "", desk.links.clause(clause.slug)),
                desk.say(MEANINGS[point.kind]),
            )
        )
    return found


class Counted(NamedTuple):
    """How many open points of each kind a unit has."""

    unit: Link
    unit_id: str
    kinds: list[str]
    told: str


def _counted(score: UnitScore, desk: Desk) -> Counted:
    counts = Counter(point.kind for point in score.open)
    told = ", ".join(f"{desk.say.term(kind)} {count}" for kind, count in counts.items())
    unit = Link(score.name, desk.links.unit(score.unit, "open"), chinese=True)
    return Counted(unit, score.unit, list(counts), told)


def open_page(desk: Desk, kind: str = "") -> Page:
    """Every open point of the year, by unit in rank order; the rows of another kind hidden."""
    rows = [one for score in desk.view.scores.units for one in points(score, desk)]
    counts = Counter(row.kind for row in rows)
    of_units = None
    if len(rows) > LISTED:
        of_units = [_counted(score, desk) for score in desk.view.scores.units if score.open]
    kinds = [
        (name, desk.say.term(name), counts[name], desk.say(meaning))
        for name, meaning in MEANINGS.items()
        if counts[name]
    ]
    title = desk.say("Open points {year}", year=desk.view.year)
    says = {"rows": rows, "of_units": of_units, "kinds": kinds, "chosen": kind}
    return Page("open.html", title, [], says, {}, "open")
