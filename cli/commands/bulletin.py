"""`bulletin`: write the notice of a period or a year for Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.language import render
from cli.options import (
    ledger_option,
    output_option,
    own_template,
    query_options,
    reason_option,
    template_option,
)
from cli.parameters.times import PERIOD
from ledger.message import Message, Series

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from cli.parameters.times import Period


@click.command(
    epilog="\b\nExample:\n  tally bulletin 2016Q2 -o bulletin.docx\n"
    "  tally bulletin 2016Q2 -o bulletin.docx --as-of 2016-06-20\n"
    "  tally bulletin 2016Q2 -o corrected.docx --reason 误录一批次\n"
    "  tally bulletin 2016 -o result.docx",
)
@click.argument("period", type=PERIOD)
@output_option("The .docx to write, or the .xlsx of its table.", ".docx", ".xlsx", required=True)
@template_option
@click.option("--notes-of-law", is_flag=True, help="Add the measure's notes of law.")
@click.option("--unranked", is_flag=True, help="Leave ranks out: units come by id.")
@reason_option("Why it corrects the edition in force; its title says that it does.", required=False)
@query_options("through", "as_of", of_paper=True)
@ledger_option
def bulletin(
    period: Period,
    output: Path,
    own: Path | None,
    query: ScoreOptions,
    url: str,
    reason: str | None,
    *,
    notes_of_law: bool,
    unranked: bool,
) -> None:
    """Write the notice of a PERIOD (通报) or a year's result (年度考核结果), after GB/T 9704-2012.

    What happened comes first, then scores, rewards, penalties and problems; the table is its annex.
    It is made as of today unless told otherwise, without what later periods brought. Number,
    signer, seal and demands are left open; `tally office set` fills in the office's name. Nothing
    is recorded: `tally publish` does that.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.output.documents.making import document_of, workbook_of  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from ledger.messages import reason_text  # noqa: PLC0415

    is_book = output.suffix.lower() == ".xlsx"
    if is_book and (own is not None or notes_of_law or reason is not None):
        raise click.UsageError(render("--template, --notes-of-law and --reason go with a .docx"))
    why = None if reason is None else reason_text(reason)
    template, named = own_template(own)
    with session(url) as opened, waiting(Message("scoring")):
        made = (
            workbook_of(opened, period, query, unranked=unranked)
            if is_book
            else document_of(
                opened,
                period,
                query,
                template,
                named,
                notes_of_law=notes_of_law,
                unranked=unranked,
                reason=why,
            )
        )
        opened.remark_set_aside(made.content.position)
    save(output, made.document)
    if made.unused:
        remark(
            "note: {name} does not use {fields}: the bulletin lacks these figures of the year. "
            "`tally template FILE.docx --last-period` writes a template that has them.",
            name=named,
            fields=Series(f"{{{{{one}}}}}" for one in made.unused),
        )
    remark(
        "{output} written: {period} through {through}, as of position {position}",
        output=output,
        period=period,
        through=made.content.through,
        position=made.content.position,
    )
