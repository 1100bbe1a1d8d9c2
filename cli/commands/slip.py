"""`slip`: write what a unit is told of its score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.language import render
from cli.options import (
    ledger_option,
    output_option,
    own_template,
    query_options,
    template_option,
)
from cli.parameters.times import PERIOD
from cli.parameters.values import UNIT
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from cli.parameters.times import Period


@click.command(
    epilog="\b\nExample:\n  tally slip V001 2016Q2 -o 告知单.docx\n"
    "  tally slip --all 2016Q2 -o 告知单.docx\n"
    "  tally slip V001 2016Q2 -o 告知单.html",
)
@click.argument("unit", metavar="[UNIT]", type=UNIT)
@click.argument("period", metavar="PERIOD", type=PERIOD, required=False)
@click.option("--all", "of_all", is_flag=True, help="Of every unit, in one file.")
@output_option("The .docx to write, or the .html to print.", ".docx", ".html", required=True)
@template_option
@query_options("through", "as_of", of_paper=True)
@ledger_option
def slip(
    unit: str,
    period: Period | None,
    output: Path,
    own: Path | None,
    query: ScoreOptions,
    url: str,
    *,
    of_all: bool,
) -> None:
    """Write what UNIT is told of its score in PERIOD (得分告知单), on a sheet of A4.

    It says the score, what was lost and why, what is not settled yet, and how to object by when
    (`tally office set`). It shows no figure of another unit. Nothing is recorded.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.output.documents.slips import slips_document, slips_of, slips_page  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session, today  # noqa: PLC0415

    named_unit: str | None = unit
    if of_all and period is None:
        named_unit, period = None, PERIOD.convert(unit, None, None)
    if period is None or (named_unit is None) != of_all:
        raise click.UsageError(render("name a UNIT and a PERIOD, or a PERIOD and --all"))
    is_page = output.suffix.lower() == ".html"
    if is_page and own is not None:
        raise click.UsageError(render("--template goes with a .docx"))
    template, named = own_template(own)
    with session(url) as opened, waiting(Message("scoring")):
        slips = slips_of(opened, named_unit, period, query, today())
        opened.remark_set_aside(slips.position)
    made = slips_page(slips) if is_page else slips_document(slips, template, named)
    save(output, made)
    remark(
        "{output} written: {count} {count:slip|slips} of {period} through {through}",
        output=output,
        count=len(slips.values),
        period=period,
        through=slips.through,
    )
