"""`template`: write a workbook to fill in, or the bulletin's Word template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import OptionError, ledger_option
from cli.parameters.times import YEAR
from cli.parameters.values import output_file
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog="\b\nExample:\n  tally template entries.xlsx\n  tally template bulletin.docx",
)
@click.argument("file", type=output_file(".xlsx", ".docx"))
@click.option(
    "--of-year", is_flag=True, help="The template of a year's bulletin, not of a period's."
)
@click.option(
    "--year",
    type=YEAR,
    metavar="Y",
    help="The year by whose measure it is made (default: the latest with an entry).",
)
@ledger_option
def template(file: Path, url: str, year: int | None, *, of_year: bool) -> None:
    """Write a workbook to fill in (FILE.xlsx), or the bulletin's template to change (FILE.docx).

    The workbook has a sheet for each kind of entry of the measure, and offers the units of the
    ledger if there is one. The bulletin's template has the sections of the ledger's measure. An
    existing file is not overwritten.
    """
    from cli.measured import measure_of_ledger  # noqa: PLC0415 - not for --help
    from cli.output import remark  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415

    if file.exists():
        raise OptionError("FILE", Message("{file} exists already; name a new one", file=file))
    ledger = measure_of_ledger(url, year)
    if file.suffix.lower() == ".docx":
        from cli.output.bulletin import template_of  # noqa: PLC0415

        measure = ledger.measure
        of_year = of_year or not measure.calendar.count
        order = measure.period_order(measure.in_force({}))
        ranked = not measure.rank.none if of_year else order != "none"
        save(file, template_of(measure, of_year=of_year, ranked=ranked))
    else:
        if of_year:
            words = Message("goes with FILE.docx: a workbook has no template of a year's bulletin")
            raise OptionError("--of-year", words)
        from cli.output.workbooks.template import template_workbook  # noqa: PLC0415

        save(file, template_workbook(ledger))
    remark("{file} written", file=file)
