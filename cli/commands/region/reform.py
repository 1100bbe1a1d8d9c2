"""`region reform`: show what a draft measure would do to the units of all towns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.commands.region.options import engine_option, region_option, rows_option
from cli.options import format_option, query_options
from cli.parameters.values import MEASURE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.options import ScoreOptions
    from projections.region.engines.engine import Engine


@click.command(
    epilog="\b\nExample:\n  tally region reform draft-2017 --region region.toml --year 2016\n"
    "  tally region reform draft-2017 --region region.toml --year 2016 --format csv > units.csv"
)
@click.argument("draft", metavar="DIR", type=MEASURE)
@region_option
@query_options("year", "through", "as_of_time", "provisional")
@rows_option
@engine_option
@format_option
def reform(
    draft: str,
    file: Path,
    query: ScoreOptions,
    digits: int | None,
    make_engine: Callable[[], Engine],
    form: str,
) -> None:
    """Show what a draft measure would change in all towns.

    Each town is compared with the measure that is in force there, as `tally reform` compares it:
    scores, ranks, flags, eligibility, the largest gain and loss. JSON and CSV list every unit.
    Nothing is recorded. Exits with 1 if a town did not answer; the others are shown.
    """
    from cli.commands.region.asking import asked  # noqa: PLC0415 - not for --help
    from cli.drafts import draft_of  # noqa: PLC0415
    from cli.output import write  # noqa: PLC0415
    from cli.output.region.moves import (  # noqa: PLC0415
        move_rows,
        moves_json,
        print_moves,
        remark_rescaled,
    )
    from cli.region_question import year_question  # noqa: PLC0415
    from ledger.message import Message  # noqa: PLC0415
    from projections.region.draft import packed  # noqa: PLC0415
    from projections.region.messages import ReformQuestion  # noqa: PLC0415

    measure = draft_of(draft)
    question = year_question(
        ReformQuestion, query, draft=packed(measure), draft_sha256=measure.sha256
    )
    heading = Message(
        "{draft} ({sha256}) instead of the measure in force",
        draft=measure.id,
        sha256=measure.sha256[:12],
    )
    head = {"draft": {"id": measure.id, "sha256": measure.sha256}}
    with asked(file, question, make_engine, form) as outcome:
        write(
            form,
            value=lambda: moves_json(outcome, head),
            table=lambda: print_moves(outcome, heading, digits),
            rows=lambda: move_rows(outcome, digits),
        )
        remark_rescaled(outcome)
