"""`bulletin`: write a quarter's notice for Word."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import OptionError, ledger_option, output_option, query_options
from cli.parameters.times import QUARTER
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from cli.parameters.times import Quarter
    from cli.session import Session


@click.command(
    epilog="\b\nExample:\n  tally bulletin 2016Q2 -o bulletin.docx\n"
    "  tally bulletin 2016Q2 -o bulletin.docx --as-of 2016-06-20",
)
@click.argument("quarter", type=QUARTER)
@output_option(".docx", "The .docx to write.", required=True)
@click.option(
    "--template",
    "named",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The office's own template (start from `tally template FILE.docx`).",
)
@query_options("through", "as_of")
@ledger_option
def bulletin(
    quarter: Quarter, output: Path, named: Path | None, query: ScoreOptions, url: str
) -> None:
    """Write the notice of a QUARTER (季度通报) as a Word document, after GB/T 9704-2012.

    Number, signer and seal are left open. Nothing is recorded: `tally publish` does that.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.output.bulletin.filling import fill  # noqa: PLC0415
    from cli.output.bulletin.wording import context  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import check_begun, session  # noqa: PLC0415
    from projections.adopted import NoMeasureError  # noqa: PLC0415
    from projections.bulletin import bulletin as bulletin_of  # noqa: PLC0415
    from projections.measures import NoMeasureError  # noqa: PLC0415

    if named is not None and output.exists() and named.exists() and output.samefile(named):
        raise OptionError(
            "-o", Message("{output} is the template itself; name another file", output=output)
        )
    template, name = _template(named)
    year, number = quarter
    with session(url) as opened, waiting(Message("scoring")):
        asked = opened.quarter_query(quarter, replace(query, as_of=opened.at(query.as_of)))
        state, scores = opened.loader.scores(asked, postings=True)
        check_begun(quarter, scores)
        if not scores.units:
            raise OptionError(
                "QUARTER",
                Message("no unit counts as of position {position}", position=state.position),
            )
        last_year = None
        if any(name.startswith(f"{year - 1}Q") for name in state.editions):
            earlier = replace(asked, year=year - 1, through=scores.town.through)
            # A ledger made before measures were adopted has one for 2016 alone.
            with suppress(NoMeasureError):
                last_year = opened.loader.scores(earlier, postings=True).scores
        rulebook = opened.loader.measure(state, year).rulebook
        content = bulletin_of(scores, number, state, rulebook, last_year)
        words = context(content, rulebook, _root(opened, state.position))
    with waiting(Message("writing")):
        made = fill(template, name, words)
    save(output, made)
    remark(
        "{output} written: {quarter} through {through}, as of position {position}",
        output=output,
        quarter=quarter,
        through=content.through,
        position=content.position,
    )


def _template(named: Path | None) -> tuple[bytes, str]:
    from cli.output.bulletin import packaged_template  # noqa: PLC0415 - not for --help

    if named is None:
        return packaged_template(), Message("the program's template")
    try:
        return named.read_bytes(), str(named)
    except OSError as error:
        why = Message("{file}: {why}", file=named, why=error.strerror)
        raise OptionError("--template", why) from None


def _root(opened: Session, position: int) -> str | None:
    """Return the Merkle root up to a position (RFC 6962, 2.1), in base64."""
    from ledger.integrity.leaves import leaf_hashes  # noqa: PLC0415 - not for --help
    from ledger.integrity.merkle import root_of  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415

    return to_base64(root_of(leaf_hashes(opened.ledger.store, to=position)))
