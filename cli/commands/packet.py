"""`packet`: write a unit's score with all that proves it, for an auditor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.language import default_language
from cli.options import OptionError, language_option, ledger_option, output_option, query_options
from cli.parameters.times import PERIOD
from cli.parameters.values import UNIT
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from cli.parameters.times import Period


@click.command(
    epilog="\b\nExample:\n  tally packet V001 2016Q2 -o V001-2016Q2.zip\n"
    "  tally packet V001 2016 -o V001-2016.zip --as-of 2016-12-31"
)
@click.argument("unit", type=UNIT)
@click.argument("period", type=PERIOD)
@output_option("The .zip to write.", ".zip", required=True, replaces=True)
@language_option
@query_options("through", "as_of")
@ledger_option
def packet(
    unit: str, period: Period, output: Path, lang: str | None, query: ScoreOptions, url: str
) -> None:
    """Write a UNIT's score of a PERIOD (2016Q2) or year (2016) with all that proves it.

    The zip has the explanation, the events that it rests on with their proofs, the signed
    checkpoint, the measure, the signatures of accounts, the bulletin, a page to read, and
    verify.py, which proves all of it with Python alone: `python3 -I -S verify.py FILE.zip`. No
    other unit's entries are in it.
    """
    from cli.commands.serve import MissingPagesError  # noqa: PLC0415 - not for --help

    try:
        from cli.packet.page import packet_page  # noqa: PLC0415
    except ImportError as error:
        raise MissingPagesError(error) from None
    from cli.language.translating import translator  # noqa: PLC0415
    from cli.output import remark  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415
    from cli.packet.making import make_packet  # noqa: PLC0415
    from cli.pages.books import Books  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import check_begun, number_of, session  # noqa: PLC0415

    with session(url) as opened, waiting(Message("scoring")):
        wanted = opened.resolved(replace(query, unit=unit, year=period.year))
        data = Books(opened).year_data(wanted)
        number = number_of(period, data.measure)
        if number is not None:
            check_begun(number, data.scores)
        score = opened.unit(data.scores, data.state, wanted.unit or unit)
        if number is not None and score.period(number) is None:
            name = data.measure.calendar.name_of(data.year, number)
            words = Message("{unit} is not assessed in {name}.", unit=score.unit, name=name)
            raise OptionError("PERIOD", words)
        page = partial(packet_page, data=data, translate=translator(lang or default_language()))
        made = make_packet(opened, data, score, number, page)
        opened.remark_set_aside(made.position)
    save(output, made.zip)
    remark(
        "{output} written: {entries} entries and {events} events of {unit}, as of position "
        "{position}; signed by {key}",
        output=output,
        entries=made.entries,
        events=made.events,
        unit=score.unit,
        position=made.position,
        key=made.key,
    )
