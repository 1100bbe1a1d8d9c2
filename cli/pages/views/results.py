"""Postings and flags as rows of a list, with a link to where a unit's page explains them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.output.workings import beside_points
from cli.pages.formatting import sign_class, signed_points, true_minuses
from cli.pages.views.page import Link, PageContext
from projections.postings import Flag, Posting

if TYPE_CHECKING:
    from collections.abc import Sequence


class ResultRow(NamedTuple):
    """A posting or flag of a unit."""

    clause: Link
    """The clause; links to the posting on the page of the unit's period or year."""
    period: str
    points: str
    """Signed points, or the flag's name."""
    sign: str
    """`minus`, `plus` or `nought`."""
    working: str
    entries: list[Link]


def posting_anchor(clause: str, entries: Sequence[str]) -> str:
    """Return the HTML id of a posting: its clause and first entry."""
    return f"{clause}.{entries[0]}" if entries else clause


def result_row(result: Posting | Flag, unit: str, context: PageContext) -> ResultRow:
    """Return the row of a posting or flag of a unit."""
    year, translate = context.data.year, context.translate
    town = context.data.scores.town
    heading = town.measure.heading(result.clause)
    anchor = posting_anchor(result.clause, result.entries)
    if result.period is None:
        period, href = str(year), context.links.unit(unit, anchor)
    else:
        period = town.calendar.period(year, result.period).name
        href = context.links.period(unit, period, anchor)
    if isinstance(result, Flag):
        points, sign = context.words.term(result.flag), "minus"
        working = translate(result.working)
    else:
        points, sign = signed_points(result.points), sign_class(result.points)
        working = true_minuses(beside_points(result.working, result.points, translate))
    return ResultRow(
        Link(context.clause_name(heading), href),
        period,
        points,
        sign,
        working,
        [context.entry_link(entry) for entry in result.entries],
    )
