"""`region score`: roll the scores of all towns up by division."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.commands.region.options import by_option, engine_option, region_option
from cli.options import query_options, workbook_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.options import ScoreOptions
    from projections.region.engines.engine import Engine


@click.command(
    epilog="\b\nExample:\n  tally region score --region region.toml --year 2016 --by 4\n"
    "  tally region score --region region.toml --year 2016 --units --format csv > units.csv\n"
    "  tally region score --region region.toml --year 2016 --format xlsx -o province.xlsx"
)
@region_option
@query_options("year", "through", "as_of", "provisional")
@by_option
@click.option("--units", is_flag=True, help="Show every unit, with its rank in the region.")
@engine_option
@workbook_option
def score(
    file: Path,
    query: ScoreOptions,
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
    """
    from cli.commands.region.asking import asked, score_question  # noqa: PLC0415 - not for --help
    from cli.output import write  # noqa: PLC0415
    from cli.output.region.scores import print_scores, score_rows, scores_json  # noqa: PLC0415
    from projections.region.rollup import RollUp  # noqa: PLC0415

    with asked(file, score_question(query), make_engine, form) as outcome:
        found = RollUp(outcome, digits)
        if output is not None:
            from cli.output.workbooks.region import region_workbook  # noqa: PLC0415
            from cli.output.workbooks.saving import save  # noqa: PLC0415

            save(output, region_workbook(outcome, found))
            return
        write(
            form,
            value=lambda: scores_json(outcome, found, units=units),
            table=lambda: print_scores(outcome, found, units=units),
            rows=lambda: score_rows(found, units=units),
        )
