"""Entries near an edge: the page of all units, and the rows on those of a unit and an entry."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from cli.output.margins import MarginWords, margin_words
from cli.pages.formatting import sign_class, signed_points, true_minus
from cli.pages.views.page import Link, Page, PageContext, computing_page
from ledger.entries.base import units_of
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.margins import Margin, Margins, UnitMargins

EDGE = "edge"
"""The HTML id of what a unit's page shows of its margins."""

_MOVES = {
    "flags": Message("moves a flag"),
    "rank": Message("moves a rank"),
}
"""What a margin moves beside points, the heaviest first."""

_LISTED = 50
"""Most margins on the page of all units, the heaviest; the others are on the units' pages."""


class MarginRow(NamedTuple):
    """One margin of a unit."""

    unit: Link
    unit_id: str
    entry: Link | None
    """None: the unit's total itself."""
    words: MarginWords
    clause: Link | None
    points: str
    sign: str


class UnitRow(NamedTuple):
    """A unit with the number of its margins."""

    unit: Link
    unit_id: str
    number: int
    moves: list[int]
    """Of these, how many move each of `_MOVES`."""
    most: str
    """The points that one of them moves at most, signed."""
    sign: str


def margin_rows(found: UnitMargins, context: PageContext) -> list[MarginRow]:
    """Return the margins of a unit; to its own account none that tell of other units.

    A total or a rank that hardly differs tells another unit's total; so do points by place, and
    an order that ranks bear upon.
    """
    if context.only is None:
        return [_row(found, one, context) for one in found.margins]
    shown = [one._replace(points=one.own) for one in found.margins if _is_own(one, context)]
    rows = [_row(found, one, context) for one in sorted(shown, key=_own_order)]
    return [row._replace(words=row.words._replace(rank="")) for row in rows]


def _is_own(one: Margin, context: PageContext) -> bool:
    """Return whether a margin is of an entry of the unit shown, and moves its points or flags."""
    state = context.data.state
    known = None if one.entry is None else state.get(one.entry)
    if known is None or not (one.periods or one.own or one.before.flags != one.after.flags):
        return False
    units = {state.root(unit) for unit in units_of(known.entry)}
    return one.measured_in != "points" and (not units or context.only in units)


def _own_order(one: Margin) -> tuple[bool, Decimal, Decimal, str, str, bool]:
    """Return by what the margins of a unit are sorted for its own account: by its own alone."""
    flags, distance = one.before.flags != one.after.flags, Decimal(one.distance)
    return not flags, -abs(one.own), distance, one.entry or "", one.field, one.would_be > one.value


def _row(found: UnitMargins, one: Margin, context: PageContext) -> MarginRow:
    data, measure = context.data, context.data.measure
    words = margin_words(one, measure, data.kinds_of_year, context.translate)
    clause = None
    if one.clause is not None:
        clause = Link(words.clause, context.links.clause(one.clause))
    return MarginRow(
        context.unit_link(found.unit, found.name),
        found.unit,
        None if one.entry is None else context.entry_link(one.entry),
        words._replace(value=true_minus(words.value), would_be=true_minus(words.would_be)),
        clause,
        signed_points(one.points),
        sign_class(one.points),
    )


def _moves(one: Margin) -> list[str]:
    """Return what a margin moves beside points."""
    return [name for name in _MOVES if getattr(one.before, name) != getattr(one.after, name)]


def rows_near_edge(
    context: PageContext, unit: str | None = None, entry: str | None = None
) -> list[MarginRow] | None:
    """Return the margins of a unit, or of the units shown that an entry moves.

    None while they are computed beside the pages.
    """
    data = context.data
    search = data.margin_search.value(context.patience)
    if search is None:
        return None

    def find() -> list[UnitMargins]:
        if entry is not None:
            return search.of_entry(entry, context.only)
        return [] if unit is None else [search.of_unit(unit)]

    shown = (unit or context.only, entry)
    found = data.margins_of(shown, find).value(context.patience)
    return None if found is None else [row for one in found for row in margin_rows(one, context)]


def margins_page(context: PageContext) -> Page:
    """Return the page of the units with entries near an edge, and of what would move most."""
    title = context.translate("Near an edge {year}", year=context.data.year)
    found = context.data.margins.value(context.patience)
    if found is None:
        return computing_page(context, title, "margins", context.data.margins)
    heaviest = _heaviest(found)
    values = {
        "units": [_unit_row(one, context) for one in found.units if one.margins],
        "moves": [context.translate(words) for words in _MOVES.values()],
        "rows": [_row(unit, one, context) for unit, one in heaviest[:_LISTED]],
        "left_out": max(0, len(heaviest) - _LISTED),
    }
    return Page("margins.html", title, [], values, {}, "margins")


def _heaviest(found: Margins) -> Sequence[tuple[UnitMargins, Margin]]:
    """Return the margins that move a rank or a flag, the heaviest first."""
    moving = [(unit, one) for unit in found.units for one in unit.margins if _moves(one)]
    return sorted(moving, key=lambda pair: pair[1].weight(), reverse=True)


def _unit_row(found: UnitMargins, context: PageContext) -> UnitRow:
    link = context.unit_link(found.unit, found.name)
    moves = [_moves(one) for one in found.margins]
    most = max((one.points for one in found.margins), key=abs)
    return UnitRow(
        link._replace(href=context.links.unit(found.unit, EDGE)),
        found.unit,
        len(found.margins),
        [sum(name in of for of in moves) for name in _MOVES],
        signed_points(most),
        sign_class(most),
    )
