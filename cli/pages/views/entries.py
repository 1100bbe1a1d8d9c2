"""The page of an entry, or of all entries of a unit: whole lives, and what they bear on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.query import MissingError
from cli.pages.views.history import Life, life
from cli.pages.views.page import Desk, Link, Page
from cli.pages.views.postings import anchor_of, sign, signed
from ledger.message import Message
from projections.calendar import quarter_name
from projections.postings import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.pages.view import Borne, View


class Bearing(NamedTuple):
    """A posting or a flag that an entry went into."""

    unit: Link
    period: str
    clause: Link
    points: str
    sign: str
    working: str


class Whole(NamedTuple):
    """An entry with its whole life and what it bears on."""

    life: Life
    bearings: list[Bearing]
    """Of which points came."""
    nothing: list[Bearing]
    """Where it was looked at and cost nothing."""


def _bearing(borne: Borne, view: View, desk: Desk) -> Bearing:
    finding, unit = borne.finding, borne.unit
    clause = view.rulebook.clauses[finding.clause]
    anchor = anchor_of(finding.clause, finding.entries)
    if finding.quarter is None:
        period, href = str(view.year), desk.links.unit(unit.unit, anchor)
    else:
        period = quarter_name(view.year, finding.quarter)
        href = desk.links.quarter(unit.unit, period, anchor)
    flag = isinstance(finding, Flag)
    return Bearing(
        desk.unit(unit.unit, unit.name),
        period,
        Link(f"{clause.citation} {desk.say.of(clause.title)}", href),
        desk.say.term(finding.flag) if isinstance(finding, Flag) else signed(finding.points),
        "minus" if flag else sign(finding.points),  # type: ignore[union-attr]
        desk.say(finding.working),
    )


def whole(subject: str, desk: Desk, views: Sequence[View]) -> Whole | None:
    """An entry's life and what it bears on in some years; None for no such entry."""
    found = life(subject, desk)
    if found is None:
        return None
    bearings = [
        _bearing(borne, view, desk) for view in views for borne in view.borne.get(subject, [])
    ]
    nothing = [one for one in bearings if one.sign == "nought"]
    return Whole(found, [one for one in bearings if one.sign != "nought"], nothing)


def entry_page(desk: Desk, subject: str) -> Page:
    """One entry or objection.

    Raises:
        MissingError: there is none in what is known.
    """
    found = whole(subject, desk, [desk.view])
    if found is None:
        raise MissingError(
            Message(
                "{subject} is not in this ledger (as of position {position})",
                subject=subject,
                position=desk.view.state.position,
            )
        )
    title = f"{found.life.kind_told} {subject}"
    return _page(desk, title, [found], _unit_of(subject, desk), {"id": subject})


def entries_page(desk: Desk, subjects: Sequence[str], unit: str, views: Sequence[View]) -> Page:
    """All entries and objections of a unit (or one that is the town's), as the site has them."""
    found = [one for subject in subjects if (one := whole(subject, desk, views)) is not None]
    score = desk.view.by_unit.get(desk.view.standing_unit(unit) or "")
    name = unit if score is None else f"{score.unit} {score.name}"
    title = desk.say("Entries of {name}", name=name)
    return _page(desk, title, found, unit, {})


def _unit_of(subject: str, desk: Desk) -> str | None:
    state = desk.view.state
    known = state.get(subject)
    if known is None:
        return state.objections[subject].event.unit
    entry = known.entry
    of = state.get(getattr(entry, "of", ""))
    entry = entry if of is None else of.entry
    found: str | None = entry.id if entry.KIND == "unit" else getattr(entry, "unit", None)
    return found


def _page(
    desk: Desk, title: str, found: list[Whole], unit: str | None, own: dict[str, str]
) -> Page:
    crumbs = [Link(desk.say("Ranking {year}", year=desk.view.year), desk.links.ranking())]
    standing = None if unit is None else desk.view.standing_unit(unit)
    if standing is not None:
        score = desk.view.by_unit[standing]
        name = f"{score.unit} {score.name}"
        crumbs.append(Link(name, desk.links.unit(standing), chinese=True))
    return Page("entries.html", title, crumbs, {"wholes": found}, own)
