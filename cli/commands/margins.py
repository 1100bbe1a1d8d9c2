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
    from projections.margin_search import MarginSearch  # noqa: PLC0415
    from projections.margin_search import margins as found_of  # noqa: PLC0415
    from projections.near_values import Reach  # noqa: PLC0415
    from projections.presentation import year_head  # noqa: PLC0415

    provisional = query.provisional
    with session(url) as opened:
        query = opened.resolved(replace(query, unit=unit))
        # The ranks of all units are needed for those of one.
        scored = opened.loader.scores(replace(query, unit=None), postings=True, since=0)
        state, scores = scored
        only = query.unit
        if only is not None:
            only = opened.unit(scores, state, only).unit
        in_force = opened.loader.measure(state, scores.town.year, provisional=provisional).as_json()
        search = MarginSearch(scored, provisional=provisional, reach=Reach.of(within))
        found = found_of(search, only)
        aside = opened.remark_set_aside(state.position)
    write(
        form,
        value=lambda: {
            **year_head(scores, in_force, provisional=provisional),
            "units": [one.as_json() for one in found.units],
            **aside,
        },
        table=lambda: print_margins(found, provisional=provisional),
        rows=lambda: margin_rows(found),
    )
