"""`costs`: show which clauses cost and earn how many points in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.options import format_option, ledger_option, query_options

if TYPE_CHECKING:
    from cli.options import ScoreOptions


@click.command(epilog="\b\nExample:\n  tally costs --year 2016\n  tally costs --unit V017 --json")
@query_options("year", "unit", "through", "as_of", "provisional")
@ledger_option
@format_option
def costs(query: ScoreOptions, url: str, form: str) -> None:
    """Show the points lost under each clause, the costliest first, and the points gained.

    For each: how many units, how many postings, and the share of all points lost or gained. A
    floor, cap or weight of a section is a row of its own. What an inspection did not give is not
    among the points lost.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.costs import cost_rows, print_costs, total_of  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from ledger.decimals import plain  # noqa: PLC0415
    from projections.costs import clause_costs  # noqa: PLC0415

    with session(url) as opened:
        asked = opened.resolved(query)
        scored = opened.loader.scores(replace(asked, unit=None), postings=True)
        state, scores = scored
        units = scores.units
        if asked.unit is not None:
            units = (opened.unit(scores, state, asked.unit),)
        rows = clause_costs(units, scores.town.measure)
        in_force = opened.loader.measure(state, scores.town.year, provisional=query.provisional)
        aside = opened.remark_set_aside(state.position)
    write(
        form,
        value=lambda: {
            "year": scores.town.year,
            "measure": in_force.as_json(),
            "through": scores.town.through.isoformat(),
            "position": scores.position,
            "provisional": query.provisional,
            "unit": units[0].unit if asked.unit is not None else None,
            "lost": plain(total_of(rows, "lost")),
            "gained": plain(total_of(rows, "gained")),
            "clauses": rows,
            **aside,
        },
        table=lambda: print_costs(rows, scores, provisional=query.provisional),
        rows=lambda: cost_rows(rows),
    )
