"""`sensitivity`: show whose score, rank or flag each other reading of the measure would move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import OptionError, format_option, ledger_option, query_options
from ledger.message import message_of

if TYPE_CHECKING:
    from cli.options import ScoreOptions


@click.command(
    epilog="\b\nExample:\n  tally sensitivity --year 2016\n"
    "  tally sensitivity --reading overstay_factor=1.75 --json"
)
@query_options("year", "through", "as_of", "provisional")
@click.option(
    "--reading",
    "named",
    metavar="NAME[=VALUE]",
    help="This reading alone, unit by unit; with a value, that value instead of all others.",
)
@ledger_option
@format_option
def sensitivity(query: ScoreOptions, named: str | None, url: str, form: str) -> None:
    """Show what hangs on each contested reading (◆) of the year's measure.

    For each other value of a reading: whose total, rank or flags it moves; those that move most
    come first. Then the pairs of readings that together move something else than each alone. Of a
    reading that is a number, the values that the measure names or states are tried.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.sensitivity import print_sensitivity, sensitivity_rows  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.hanging import summary  # noqa: PLC0415
    from projections.presentation import year_head  # noqa: PLC0415
    from projections.rescoring import Rescoring  # noqa: PLC0415
    from projections.sensitivity import UnknownReadingError, named_value  # noqa: PLC0415
    from projections.sensitivity import sensitivity as found_of  # noqa: PLC0415

    with session(url) as opened:
        state, measure, year = opened.loader.year(opened.resolved(query))
        in_force = opened.loader.measure(state, year.year, provisional=year.provisional).as_json()
        try:
            reading, values = (None, {}) if named is None else named_value(named, measure)
        except UnknownReadingError as error:
            raise OptionError("--reading", message_of(error)) from None
        found = found_of(Rescoring(state, measure, year), reading, values)
        aside = opened.remark_set_aside(state.position)
    write(
        form,
        value=lambda: {
            **year_head(found.scores, in_force, provisional=year.provisional),
            **found.as_json(),
            "summary": list(summary(found)),
            **aside,
        },
        table=lambda: print_sensitivity(
            found, alone=reading is not None, provisional=year.provisional
        ),
        rows=lambda: sensitivity_rows(found),
    )
