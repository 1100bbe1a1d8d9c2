"""The clauses: the regulation's text beside what was scored under it, readings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.query import MissingError
from cli.pages.views.page import LISTED, Desk, Link, Page
from cli.pages.views.postings import Read, anchor_of, read_of, sign, signed
from ledger.message import Message, Series
from projections.calendar import quarter_name
from projections.postings import ZERO, Flag, Posting
from projections.ruling import rules_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.rulebook import Clause
    from projections.scores import UnitScore


class Sum(NamedTuple):
    """What was scored under a clause."""

    points: str
    sign: str
    moved: int
    """Postings of points, and flags."""
    nothing: int
    """Postings of nought: looked at, and cost nothing."""
    units: int
    """How many units the points or flags are of."""


class Row(NamedTuple):
    """One posting or flag in a clause's list."""

    period: str
    href: str | None
    points: str
    sign: str
    working: str
    entries: list[Link]


class OfUnit(NamedTuple):
    """What one unit has of a clause."""

    unit: Link
    unit_id: str
    points: str
    sign: str
    said: list[Row]
    nothing: int


def _findings(score: UnitScore, slug: str) -> tuple[list[Posting | Flag], int]:
    """Of a clause: the postings that moved points and the flags; how many moved none."""
    moved: list[Posting | Flag] = [flag for flag in score.flags() if flag.clause == slug]
    postings = [posting for posting in score.postings() if posting.clause == slug]
    moved.extend(posting for posting in postings if posting.points)
    return moved, sum(not posting.points for posting in postings)


def _points(moved: list[Posting | Flag]) -> Any:
    return sum((one.points for one in moved if isinstance(one, Posting)), ZERO)


def _sums(desk: Desk) -> dict[str, Sum]:
    points = dict.fromkeys(desk.view.rulebook.clauses, ZERO)
    moved = dict.fromkeys(points, 0)
    nothing = dict.fromkeys(points, 0)
    units = dict.fromkeys(points, 0)
    for score in desk.view.scores.units:
        touched = set()
        findings: list[Posting | Flag] = [*score.postings(), *score.flags()]
        for finding in findings:
            slug = finding.clause
            if isinstance(finding, Posting):
                points[slug] += finding.points
                if not finding.points:
                    nothing[slug] += 1
                    continue
            moved[slug] += 1
            touched.add(slug)
        for slug in touched:
            units[slug] += 1
    return {
        slug: Sum(signed(told), sign(told), moved[slug], nothing[slug], units[slug])
        for slug, told in points.items()
    }


def _amounts(clause: Clause, desk: Desk) -> list[Read]:
    return [read_of(amount, desk.say) for amount in clause.amount]


def _readings(slug: str, desk: Desk) -> list[tuple[dict[str, Any], Link | None]]:
    rules = rules_json(desk.view.rulebook, desk.view.scores.town, slug)["clauses"][0]
    return [
        (reading, None if reading["by_entry"] is None else desk.entry(reading["by_entry"]))
        for reading in rules["readings"]
    ]


def clauses_page(desk: Desk) -> Page:
    """Every clause in the order of the regulation."""
    sums = _sums(desk)
    clauses = [
        (clause, sums[slug], _amounts(clause, desk), _readings(slug, desk), desk.links.clause(slug))
        for slug, clause in desk.view.rulebook.clauses.items()
    ]
    rulebook = desk.view.rulebook
    says = {"clauses": clauses, "source": rulebook.source, "adding": rulebook.adding}
    title = desk.say("Clauses {year}", year=desk.view.year)
    return Page("clauses.html", title, [], says, {}, "clauses")


def _said(score: UnitScore, moved: list[Posting | Flag], desk: Desk) -> Iterator[Row]:
    for one in moved:
        anchor = anchor_of(one.clause, one.entries)
        if one.quarter is None:
            period, href = str(desk.view.year), desk.links.unit(score.unit, anchor)
        else:
            period = quarter_name(desk.view.year, one.quarter)
            href = desk.links.quarter(score.unit, period, anchor)
        told, mark = (
            (signed(one.points), sign(one.points))
            if isinstance(one, Posting)
            else (desk.say.term(one.flag), "minus")
        )
        entries = [desk.entry(entry) for entry in one.entries]
        yield Row(period, href, told, mark, desk.say(one.working), entries)


def clause_page(desk: Desk, slug: str) -> Page:
    """One clause, with what it came to unit by unit, in rank order.

    Raises:
        MissingError: the measure has no such clause.
    """
    clause = desk.view.rulebook.clauses.get(slug)
    if clause is None:
        known = Series(desk.view.rulebook.clauses)
        raise MissingError(
            Message("no clause {clause!r}; one of {known}", clause=slug, known=known)
        )
    units, untouched = [], 0
    for score in desk.view.scores.units:
        moved, nothing = _findings(score, slug)
        if not moved:
            untouched += 1
            continue
        points = _points(moved)
        unit = desk.unit(score.unit, score.name)
        said = list(_said(score, moved, desk))
        told = signed(points)
        units.append(OfUnit(unit, score.unit, told, sign(points), said, nothing))
    says = {
        "clause": clause,
        "sum": _sums(desk)[slug],
        "amounts": _amounts(clause, desk),
        "readings": _readings(slug, desk),
        "units": units,
        "listed": sum(len(one.said) for one in units) <= LISTED,
        "untouched": untouched,
    }
    crumbs = [Link(desk.say("Clauses {year}", year=desk.view.year), desk.links.clauses(slug))]
    title = f"{clause.citation} {desk.say.of(clause.title)}"
    return Page("clause.html", title, crumbs, says, {"id": slug}, "clauses")
