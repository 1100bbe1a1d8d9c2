"""`margins`: show entries near an edge, and what a small change of one fact would move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.options import format_option, ledger_option, query_options

if TYPE_CHECKING:
    from cli.options import ScoreOptions

MOST = 1440
"""The most that `--within` may be: minutes of a day."""


@click.command(
    epilog="\b\nExample:\n  tally margins --unit V017\n"
    "  tally margins --year 2016 --within 1 --json"
)
@query_options("year", "through", "as_of", "provisional")
@click.option("--unit", metavar="U", help="This unit alone.")
@click.option(
    "--within",
    type=click.IntRange(1, MOST),
    metavar="N",
    help="How near: N people, cases or things, N minutes and N days (default: 2 people, cases or "
    "things, 5 minutes of a stay, 60 minutes of a time, 1 day). Of points always 0.05.",
)
@ledger_option
@format_option
def margins(query: ScoreOptions, unit: str | None, within: int | None, url: str, form: str) -> None:
    """Show entries near an edge: where to look twice for a mistyped figure.

    For each number, time or day that an entry says: the nearest other value, downwards and upwards,
    that would move the unit's points, rank or flags. Then totals whose rank another unit is near
    to. Those that move most come first.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.margins import margin_rows, print_margins  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.margins import margins as found_of  # noqa: PLC0415
    from projections.near_values import Reach  # noqa: PLC0415

    with session(url) as opened:
        query = opened.resolved(replace(query, unit=unit))
        state, measure, year = opened.loader.year(query)
        in_force = opened.loader.measure(state, year.year, provisional=year.provisional).as_json()
        root = None if query.unit is None else state.root(query.unit)
        found = found_of(state, measure, year, unit=root, reach=Reach.of(within))
        if query.unit is not None:
            opened.unit(found.scores, state, query.unit)
        aside = opened.remark_set_aside(state.position)
    write(
        form,
        value=lambda: {
            "year": year.year,
            "measure": in_force,
            "through": year.through.isoformat(),
            "position": state.position,
            "provisional": year.provisional,
            "units": [one.as_json() for one in found.units],
            **aside,
        },
        table=lambda: print_margins(found, provisional=year.provisional),
        rows=lambda: margin_rows(found),
    )
