"""Today: what needs attention, each with where it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from cli.desk.attention import rules_awaiting, statements, undecided, unverified, upheld
from cli.desk.owed import is_open, owed, year_kept
from cli.desk.work import EVERYBODY, RECORDERS, VERIFIERS, Work
from cli.output.measure_words import posting_name
from cli.output.obligation_grid import state_words
from cli.pages.views.open_points import open_kinds
from cli.pages.views.page import Link, Page
from ledger.errors import TallyError
from projections.bulletins_due import bulletins_due, carried_periods

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cli.desk.owed import Owed
    from cli.desk.work import Desk, Given
    from cli.output.obligation_grid import Cell, Column, Grid
    from cli.pages.year_data import YearData
    from ledger.state import LedgerState, Objection
    from projections.bulletins_due import BulletinDue

Made = TypeVar("Made")

WEEK: Final = timedelta(days=7)

MOST: Final = 12
"""Rows of one list; with more, it says how many are left out."""

_NAMED: Final = 6
"""Units that a row names, at most."""


class Duty(NamedTuple):
    """One thing that units owe, missing or due within a week."""

    clause: str
    what: str
    due: date
    overdue: bool
    units: list[str]
    more: int
    number: int
    """Of units."""
    href: str
    """Address of the form that records it, or of where it is seen."""
    is_open: bool
    """Whether it is the form that records it."""


class Own(NamedTuple):
    """One thing that the account's own unit owes."""

    clause: str
    what: str
    due: date
    state: str
    style: str


class Objected(NamedTuple):
    """An objection with its decision, if there is one."""

    link: Link
    about: str
    raised: date
    reason: str
    outcome: str
    answer: str


def _show(desk: Desk, given: Given) -> Page:
    title = desk.translate("Today, {day}", day=desk.today)
    unit = desk.account.event.unit
    if unit is not None:
        return Page("desk/today_unit.html", title, [], _of_unit(desk, unit), {}, "today")
    scored, why = _or_why(desk, lambda: desk.data)
    known, why_owed = _or_why(desk, lambda: owed(desk))
    duties = [] if known is None else _duties(known, desk, year_kept(desk, given))
    state = statements(desk)
    waiting = unverified(desk)
    values: dict[str, Any] = {
        "duties": _shown(duties),
        "first_open": next((one for one in _shown(duties) if one.is_open), None),
        "more_duties": len(duties) - len(_shown(duties)),
        "why_owed": why_owed,
        "reports": desk.links.to("reports"),
        "waiting": waiting,
        "oldest": next(iter(waiting.entries), None),
        "verifies": desk.role in VERIFIERS,
        "without_measure": desk.measures.year_of(desk.today) is None,
        "year": desk.year,
        "day": desk.today,
        "begins": desk.role in RECORDERS and not desk.session.unit_names(),
        "verify": desk.links.to("verify"),
        "journal": desk.links.to("journal", status="recorded"),
        "open": None if scored is None else _open_points(desk),
        "why": why,
        "bulletins": _bulletins(desk, state, scored),
        "publish": desk.links.to("publish"),
        "objections": [_objected(one, desk) for one in undecided(state)],
        "upheld": [_objected(one, desk) for one in upheld(desk, state)],
        "rules": rules_awaiting(desk),
    }
    return Page("desk/today.html", title, [], values, {}, "today")


def _or_why(desk: Desk, make: Callable[[], Made]) -> tuple[Made | None, list[str]]:
    """Return what a function makes; None, and why, where the year cannot be scored."""
    try:
        return make(), []
    except TallyError as error:
        return None, [desk.translate(one) for one in error.sentences()]


def _duties(known: Owed, desk: Desk, kept: dict[str, str]) -> list[Duty]:
    """Return what is missing or due within a week, the longest overdue first."""
    found = []
    for slug, grid in known.grids.items():
        for column in grid.columns:
            cells = [row[column] for row in grid.rows.values() if column in row]
            wanted = [one for one in cells if _needs_attention(one, desk.today)]
            if wanted:
                found.append(_duty(slug, grid, column, wanted, known, desk, kept))
    return sorted(found, key=lambda one: one.due)


def _shown(duties: list[Duty]) -> list[Duty]:
    """Return those to list: of what is overdue and of what is due within a week, the first ones."""
    overdue = [one for one in duties if one.overdue]
    return [*overdue[:MOST], *[one for one in duties if not one.overdue][:MOST]]


def _needs_attention(cell: Cell, today: date) -> bool:
    return cell.state == "missing" or (cell.state == "due" and cell.owed.due <= today + WEEK)


def _duty(
    slug: str,
    grid: Grid,
    column: Column,
    cells: list[Cell],
    known: Owed,
    desk: Desk,
    kept: dict[str, str],
) -> Duty:
    units = [f"{one.owed.unit} {known.names.get(one.owed.unit, '')}" for one in cells]
    month = f"{column.due:%Y-%m}"
    href = desk.links.to("reports", **kept, clause=slug, month=month)
    records = desk.role in RECORDERS and any(map(is_open, cells))
    if records:
        href = desk.links.to("reports/record", **kept, clause=slug, what=column.what)
    return Duty(
        desk.translate.bilingual(grid.clause.title),
        column.what,
        column.due,
        column.due < desk.today,
        units[:_NAMED],
        max(0, len(units) - _NAMED),
        len(units),
        href,
        records,
    )


def _bulletins(
    desk: Desk, state: LedgerState, data: YearData | None
) -> list[tuple[str, BulletinDue]]:
    """Return the bulletins that are due, each with its title."""
    carried = set() if data is None else carried_periods(data.scores.town, data.scores.units)
    bilingual = desk.translate.bilingual
    return [
        (one.name if one.title is None else f"{one.name} {bilingual(one.title)}", one)
        for one in bulletins_due(state, desk.measures, desk.year, desk.today, carried)
    ]


def _open_points(desk: Desk) -> list[tuple[str, int, str, str]]:
    """Return by kind of open point its word, how many there are, what it means, its address."""
    return [
        (label, number, meaning, desk.links.to("open", flag=kind))
        for kind, label, number, meaning in open_kinds(desk.data.scores.units, desk.context)
    ]


def _objected(one: Objection, desk: Desk) -> Objected:
    event, translate = one.event, desk.translate
    posting = f"{event.period}:{event.clause}"
    about = event.entry or posting_name(posting, desk.measures, translate)
    outcome = "" if one.decision is None else translate.term(one.decision.outcome)
    return Objected(
        Link(one.id, desk.links.entry(one.id)),
        f"{event.unit} · {about}",
        one.raised.at.date(),
        event.reason,
        outcome,
        "" if one.decision is None else one.decision.reason,
    )


def _of_unit(desk: Desk, unit: str) -> dict[str, Any]:
    """Return what a unit's account sees: its own unit alone."""
    names = desk.session.loader.of_kinds(("unit",))
    root = names.root(unit)
    score, why = _or_why(desk, lambda: desk.data.unit(root))
    known, why_owed = _or_why(desk, lambda: owed(desk, root))
    own = [] if known is None else _own(known, root, desk)
    objections = statements(desk).objections.values()
    return {
        "unit": root,
        "score": score,
        "why": why,
        "page_of_unit": desk.links.unit(root),
        "own": own,
        "why_owed": why_owed,
        "objections": [
            _objected(one, desk) for one in objections if names.root(one.event.unit) == root
        ],
    }


def _own(known: Owed, unit: str, desk: Desk) -> list[Own]:
    """Return what a unit has missed, or owes within a month, by day."""
    found = []
    for grid in known.grids.values():
        for cell in grid.rows.get(unit, {}).values():
            if cell.state in {"missing", "late", "due"}:
                title = desk.translate.bilingual(grid.clause.title)
                words = desk.translate(state_words(cell, grid.clause))
                found.append(Own(title, cell.owed.what, cell.owed.due, words, cell.state))
    return sorted(found, key=lambda one: (one.due, one.clause))


TODAY = Work("/today", _show, readers=EVERYBODY)
