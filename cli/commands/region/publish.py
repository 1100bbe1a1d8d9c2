"""`region publish`: record an edition of the region's scores."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.commands.region.options import engine_option, region_option
from cli.options import acting_option, format_option, query_options
from cli.parameters.times import YEAR
from cli.parameters.values import ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.options import ScoreOptions
    from projections.region.engines.engine import Engine


@click.command(
    epilog="\b\nExample:\n  tally region publish --region region.toml --year 2016 --by office\n"
    "  tally region publish --region region.toml --year 2016 --by office --without 430681105"
)
@region_option
@click.option("--year", type=YEAR, required=True, metavar="Y", help="Assessment year.")
@query_options("through")
@acting_option("Who publishes it: an account or a role (TALLY_BY).", required=True)
@click.option(
    "--without",
    type=ITEMS,
    default=(),
    metavar="CODE,…",
    help="Publish without these towns, which do not answer; the edition names them.",
)
@engine_option
@format_option
def publish(
    file: Path,
    year: int,
    query: ScoreOptions,
    by: str,
    without: tuple[str, ...],
    make_engine: Callable[[], Engine],
    form: str,
) -> None:
    """Record an edition of the region's scores of a year.

    An edition holds the position and the root of each town's ledger, and a hash of its scores, in
    a file beside the region's (region.toml.editions): keep it with the back-ups. `tally region
    score --edition N` gives the same scores again, whatever was recorded since. Nothing is written
    to the ledgers, and nothing is published while a town does not answer, unless --without names
    it.
    """
    from cli.commands.region.asking import opened_region  # noqa: PLC0415
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.region.editions import (  # noqa: PLC0415
        edition_json,
        edition_rows,
        print_edition,
    )
    from cli.output.region.outcome import remark_lost  # noqa: PLC0415
    from cli.region_question import year_question  # noqa: PLC0415
    from ledger.accounts import account  # noqa: PLC0415
    from ledger.clock import system_time  # noqa: PLC0415
    from ledger.instants import instant_text  # noqa: PLC0415
    from projections.region import publishing  # noqa: PLC0415
    from projections.region.messages import EditionQuestion  # noqa: PLC0415

    account(by, "--by")
    region, at = opened_region(file), instant_text(system_time())
    question = year_question(EditionQuestion, replace(query, year=year))
    with closing(make_engine()) as engine:
        try:
            edition, outcome = publishing.publish(region, question, engine, by, at, without)
        except publishing.HolesError as error:
            remark_lost(error.outcome)
            raise
    write(
        form,
        value=lambda: edition_json(edition, outcome),
        table=lambda: print_edition(edition, outcome),
        rows=lambda: edition_rows(edition),
    )
