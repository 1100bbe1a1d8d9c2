"""`region score`: roll the scores of all towns up by division."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.commands.region.options import by_option, engine_option, region_option
from cli.options import OptionError, ScoreOptions, query_options, workbook_option
from cli.parameters.values import WHOLE
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from projections.region.editions import RegionEdition
    from projections.region.engines.engine import Engine
    from projections.region.running import Outcome
    from projections.region.towns import Region


@click.command(
    epilog="\b\nExample:\n  tally region score --region region.toml --year 2016 --by 4\n"
    "  tally region score --region region.toml --year 2016 --units --format csv > units.csv\n"
    "  tally region score --region region.toml --year 2016 --format xlsx -o province.xlsx"
)
@region_option
@query_options("year", "through", "as_of_time", "provisional")
@click.option(
    "--edition",
    type=WHOLE,
    metavar="N",
    help="As published in this edition of the region, from the same events of every ledger.",
)
@by_option
@click.option("--units", is_flag=True, help="Show every unit, with its rank in the region.")
@engine_option
@workbook_option
def score(
    file: Path,
    query: ScoreOptions,
    edition: int | None,
    digits: int,
    make_engine: Callable[[], Engine],
    form: str,
    output: Path | None,
    *,
    units: bool,
) -> None:
    """Show the scores of all towns by division, and rank their units.

    Only towns under the same measure and the same readings are compared; others are shown apart,
    with the reason. Only towns whose ledgers moved since they were asked are read again. Exits
    with 1 if a town did not answer; the others are shown.

    Of an edition (`tally region publish`) the scores are those that were published, from the same
    events; towns whose ledgers hold others up to there are named.
    """
    from cli.commands.region.asking import answered, opened_region  # noqa: PLC0415 - not for --help
    from cli.language import render  # noqa: PLC0415
    from cli.output import write  # noqa: PLC0415
    from cli.output.lines import print_line  # noqa: PLC0415
    from cli.output.region.outcome import edition_head, remark_figures  # noqa: PLC0415
    from cli.output.region.scores import print_scores, score_rows, scores_json  # noqa: PLC0415
    from projections.region.rollup import RollUp  # noqa: PLC0415

    region = opened_region(file)
    shown = None if edition is None else _edition(region, edition, query)
    find = _present(query) if shown is None else _published(shown)
    with answered(region, find, make_engine, form) as outcome:
        remark_figures(outcome)
        found = RollUp(outcome, digits)

        def table() -> None:
            if shown is not None:
                print_line(render(edition_head(shown)))
            print_scores(outcome, found, units=units)

        if output is not None:
            from cli.output.workbooks.region import region_workbook  # noqa: PLC0415
            from cli.output.workbooks.saving import save  # noqa: PLC0415

            save(output, region_workbook(outcome, found, shown))
            return
        write(
            form,
            value=lambda: scores_json(outcome, found, edition, units=units),
            table=table,
            rows=lambda: score_rows(found, units=units),
        )


def _present(query: ScoreOptions) -> Callable[[Region, Engine], Outcome]:
    from cli.region_question import year_question  # noqa: PLC0415 - not for --help
    from projections.region.messages import ScoreQuestion  # noqa: PLC0415
    from projections.region.running import ask  # noqa: PLC0415

    question = year_question(ScoreQuestion, query)
    return lambda region, engine: ask(region, question, engine)


def _edition(region: Region, number: int, query: ScoreOptions) -> RegionEdition:
    from projections.region.editions import edition_of  # noqa: PLC0415 - not for --help

    if query != ScoreOptions(None, None, None):
        words = Message("an edition has a year, a day and positions of its own; give it alone")
        raise OptionError("--edition", words)
    return edition_of(region, number)


def _published(edition: RegionEdition) -> Callable[[Region, Engine], Outcome]:
    from projections.region.publishing import reproduced  # noqa: PLC0415 - not for --help

    return lambda region, engine: reproduced(region, edition, engine)
