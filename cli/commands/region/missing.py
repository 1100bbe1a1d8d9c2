"""`region missing`: show what is owed in all towns, and whose bulletins are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.commands.region.options import engine_option, region_option, rows_option
from cli.options import format_option, query_options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.options import ScoreOptions
    from projections.region.engines.engine import Engine


@click.command(
    epilog="\b\nExample:\n  tally region missing --region region.toml --through 2016-06-30\n"
    "  tally region missing --region region.toml --format csv > owed.csv"
)
@region_option
@query_options("year", "through", "as_of_time", "provisional")
@rows_option
@engine_option
@format_option
def missing(
    file: Path,
    query: ScoreOptions,
    digits: int | None,
    make_engine: Callable[[], Engine],
    form: str,
) -> None:
    """Show what is owed in all towns, and the bulletins due.

    Counted are reports that are late, missing or due within a month. A bulletin is due once its
    period or year is over and no verified edition of it is in force. JSON has the counts of each
    unit; `tally missing` of a town's own ledger lists the reports. Exits with 1 if a town did not
    answer; the others are shown.
    """
    from cli.commands.region.asking import asked  # noqa: PLC0415 - not for --help
    from cli.output import write  # noqa: PLC0415
    from cli.output.region.owed import owed_json, owed_rows, print_owed  # noqa: PLC0415
    from cli.region_question import year_question  # noqa: PLC0415
    from projections.region.messages import MissingQuestion  # noqa: PLC0415

    with asked(file, year_question(MissingQuestion, query), make_engine, form) as outcome:
        write(
            form,
            value=lambda: owed_json(outcome),
            table=lambda: print_owed(outcome, digits),
            rows=lambda: owed_rows(outcome, digits),
        )
