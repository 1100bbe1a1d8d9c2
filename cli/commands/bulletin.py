"""`bulletin`: write the notice of a period or a year for Word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import OptionError, ledger_option, output_option, query_options
from cli.parameters.times import PERIOD
from ledger.bounded import LARGE, read_bounded
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from cli.parameters.times import Period


@click.command(
    epilog="\b\nExample:\n  tally bulletin 2016Q2 -o bulletin.docx\n"
    "  tally bulletin 2016Q2 -o bulletin.docx --as-of 2016-06-20\n"
    "  tally bulletin 2016 -o result.docx",
)
@click.argument("period", type=PERIOD)
@output_option(".docx", "The .docx to write.", required=True)
@click.option(
    "--template",
    "named",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The office's own template (start from `tally template FILE.docx`).",
)
@click.option("--notes-of-law", is_flag=True, help="Add the measure's notes of law.")
@query_options("through", "as_of")
@ledger_option
def bulletin(
    period: Period,
    output: Path,
    named: Path | None,
    query: ScoreOptions,
    url: str,
    *,
    notes_of_law: bool,
) -> None:
    """Write the notice of a PERIOD (通报) or year as a Word document, after GB/T 9704-2012.

    It is made as of today unless told otherwise, without what later periods brought. Number,
    signer and seal are left open. Nothing is recorded: `tally publish` does that.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.output.bulletin.making import OWN_TEMPLATE, document_of  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415

    if named is not None and output.exists() and named.exists() and output.samefile(named):
        raise OptionError(
            "-o", Message("{output} is the template itself; name another file", output=output)
        )
    own = None if named is None else _read(named)
    with session(url) as opened, waiting(Message("scoring")):
        made = document_of(
            opened, period, query, own, str(named or OWN_TEMPLATE), notes_of_law=notes_of_law
        )
        opened.remark_set_aside(made.content.position)
    save(output, made.document)
    remark(
        "{output} written: {period} through {through}, as of position {position}",
        output=output,
        period=period,
        through=made.content.through,
        position=made.content.position,
    )


def _read(named: Path) -> bytes:
    try:
        return read_bounded(named, LARGE, pipe=True)
    except OSError as error:
        why = Message("{file}: {why}", file=named, why=error.strerror)
        raise OptionError("--template", why) from None
