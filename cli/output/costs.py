"""Print which clauses cost and earn points, and write it as CSV."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.language import render
from cli.output.audit import cell
from cli.output.lines import print_line
from cli.output.scores import scope_of
from ledger.message import Message
from projections.costs import COLUMNS
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.scores import YearScores

TITLES: Final = {
    "citation": Message("clause number"),
    "title": Message("clause"),
    "lost": Message("points lost"),
    "lost_share": Message("share of all lost"),
    "units_lost": Message("units"),
    "postings_lost": Message("postings"),
    "gained": Message("points gained"),
    "gained_share": Message("share of all gained"),
    "units_gained": Message("units"),
    "postings_gained": Message("postings"),
}
"""By column that people see, its title."""


def total_of(rows: Sequence[dict[str, Any]], column: str) -> Decimal:
    """Return the sum of a column of points."""
    return sum((Decimal(row[column]) for row in rows), ZERO)


def print_costs(rows: Sequence[dict[str, Any]], scores: YearScores, *, provisional: bool) -> None:
    """Print the clauses that cost, then those that earn."""
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    scope = scope_of(scores, provisional=provisional)
    print_line(render("Points lost and gained by clause: {scope}", scope=scope))
    measure = scores.town.measure
    for side in ("lost", "gained"):
        columns = ["citation", "title", *(name for name in COLUMNS if side in name)]
        shown = [row for row in rows if row[side] != "0"]
        shown.sort(key=lambda row: -Decimal(row[side]))
        if not shown:
            print_line(render("  no points lost" if side == "lost" else "  no points gained"))
            continue
        print_table(
            [
                Column(
                    render(TITLES[name]),
                    right=side in name,
                    spare=1 if name == "citation" else 0,
                )
                for name in columns
            ],
            [
                [
                    render(measure.heading(row["clause"]).title.text)
                    if name == "title"
                    else cell(name, row[name])
                    for name in columns
                ]
                for row in shown
            ],
        )


def cost_rows(rows: Sequence[dict[str, Any]]) -> tuple[Sequence[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each clause."""
    return COLUMNS, [[row[name] for name in COLUMNS] for row in rows]
