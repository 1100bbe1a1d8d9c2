"""`measure adopt`: put a measure on the ledger for a year."""

from __future__ import annotations

import click

from cli.commands.measure.naming import content_of
from cli.commands.receipts import print_result, refusals
from cli.options import by_option, format_option, ledger_option
from cli.output import remark
from cli.parameters.times import YEAR
from cli.parameters.values import MEASURE
from ledger.errors import TallyError
from ledger.message import Message


class FailingCasesError(TallyError):
    """Worked cases of a measure do not come out as they say."""


@click.command(
    epilog="\b\nExample:\n  tally measure adopt qianlianghu-2016 --year 2017 "
    "--basis 镇政办发（2017）3号 --by clerk\n  tally verify measure:2017 --by head"
)
@click.argument("named", metavar="ID|DIR", type=MEASURE)
@click.option("--year", type=YEAR, required=True, metavar="Y", help="The assessment year.")
@click.option("--basis", required=True, metavar="TEXT", help="The document by which it holds.")
@by_option
@ledger_option
@format_option
def adopt(named: str, year: int, basis: str, by: str, url: str, form: str) -> None:
    """Adopt a measure for a year; it is in force once a second person has verified it.

    A folder with a problem, or with a worked case that fails, is refused (see `tally measure
    check`). JSON: {"measure": {"id", "sha256", "year"}, "verify": "measure:2017", "position": 128}.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from projections.measure.cases import failed_cases, failures  # noqa: PLC0415
    from projections.measure.checking import checked, sentence  # noqa: PLC0415
    from projections.measure.remarks import dated_for  # noqa: PLC0415

    measure = checked(content_of(named, url), year)
    failed = failures(measure)
    if failed:
        first = failed[0].sentence()
        words = Message(
            "{number} worked cases fail, the first: {first}. See `tally measure check`",
            number=failed_cases(failed),
            first=first,
        )
        raise FailingCasesError(words)
    for one in dated_for(measure.content, year):
        remark("remark: {line}", line=sentence(one))
    with session(url) as opened, refusals(form):
        receipt = opened.ledger.adopt(year, measure.id, measure.content, basis, by)
    name = f"measure:{year}"
    words = Message(
        "{measure} is adopted for {year}, at position {position}; it is in force once a second "
        "person has verified it: `tally verify {name}`",
        measure=measure.id,
        year=year,
        position=receipt.position,
        name=name,
    )
    adopted = {"id": measure.id, "sha256": measure.sha256, "year": year}
    result = {"measure": adopted, "verify": name, "position": receipt.position}
    print_result(form, result, words)
