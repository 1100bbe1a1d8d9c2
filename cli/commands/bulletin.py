"""`bulletin`: write the notice of a period or a year for Word."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.options import OptionError, ledger_option, output_option, query_options
from cli.parameters.times import PERIOD
from ledger.bounded import LARGE, read_bounded
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from cli.parameters.times import Period
    from cli.session import Session
    from ledger.state import LedgerState
    from projections.query import ScoreQuery
    from projections.scores import YearScores


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
    from cli.output.bulletin import template_of  # noqa: PLC0415
    from cli.output.bulletin.filling import fill  # noqa: PLC0415
    from cli.output.bulletin.wording import context  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import check_begun, check_units, session  # noqa: PLC0415
    from projections.bulletin import bulletin as bulletin_of  # noqa: PLC0415

    if named is not None and output.exists() and named.exists() and output.samefile(named):
        raise OptionError(
            "-o", Message("{output} is the template itself; name another file", output=output)
        )
    own = None if named is None else _read(named)
    with session(url) as opened, waiting(Message("scoring")):
        asked, number = opened.period_query(period, query)
        state, scores = opened.loader.scores(asked, postings=True)
        check_begun(number, scores)
        check_units(scores)
        measure = scores.town.measure
        content = bulletin_of(scores, number, state, _last_year(opened, asked, state))
        root = _root(opened, state.position)
        set_aside = opened.remark_set_aside(state.position).get("set_aside", [])
    values = context(
        content,
        measure,
        root,
        notes_of_law=notes_of_law,
        set_aside=[one["position"] for one in set_aside],
    )
    with waiting(Message("writing")):
        if own is None:
            ranked = any(row.rank is not None for row in content.rows)
            own = template_of(measure, of_year=number is None, ranked=ranked)
        made = fill(own, str(named or Message("the program's template")), values)
    save(output, made)
    remark(
        "{output} written: {period} through {through}, as of position {position}",
        output=output,
        period=period,
        through=content.through,
        position=content.position,
    )


def _read(named: Path) -> bytes:
    try:
        return read_bounded(named, LARGE, pipe=True)
    except OSError as error:
        why = Message("{file}: {why}", file=named, why=error.strerror)
        raise OptionError("--template", why) from None


def _last_year(opened: Session, asked: ScoreQuery, state: LedgerState) -> YearScores | None:
    """Return the scores of the year before, for restatements, where some of it was published."""
    from projections.adopted import NoMeasureError  # noqa: PLC0415 - not for --help

    assert asked.year is not None, "a period is of a year"
    year = asked.year - 1
    if not any(name[:4] == str(year) and state.edition(name) for name in state.editions):
        return None
    # A ledger made before measures were adopted has one for 2016 alone.
    with suppress(NoMeasureError):
        return opened.loader.scores(replace(asked, year=year), postings=True).scores
    return None


def _root(opened: Session, position: int) -> str | None:
    """Return the Merkle root up to a position (RFC 6962, 2.1), in base64."""
    from ledger.integrity.leaves import leaf_hashes  # noqa: PLC0415 - not for --help
    from ledger.integrity.merkle import root_of  # noqa: PLC0415
    from ledger.integrity.note import to_base64  # noqa: PLC0415

    return to_base64(root_of(leaf_hashes(opened.ledger.store, to=position)))
