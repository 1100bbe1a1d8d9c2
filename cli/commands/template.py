"""`template`: write a workbook to fill in, or a paper's Word template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import OptionError, ledger_option, refuse_existing
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
    "--last-period",
    is_flag=True,
    help="The template of the year's last period, whose table has the year's figures too.",
)
@click.option("--slip", is_flag=True, help="The template of slips, not of a bulletin.")
@click.option(
    "--year",
    type=YEAR,
    metavar="Y",
    help="The year by whose measure it is made (default: the latest with an entry).",
)
@ledger_option
def template(
    file: Path, url: str, year: int | None, *, of_year: bool, last_period: bool, slip: bool
) -> None:
    """Write a workbook to fill in (FILE.xlsx), or a paper's template to change (FILE.docx).

    The workbook has a sheet for each kind of entry of the measure, and offers the units of the
    ledger if there is one. The template is that of a period's bulletin, with the columns of the
    ledger's measure, of a year's, or of slips. An existing file is not overwritten.
    """
    from cli.measured import measure_of_ledger  # noqa: PLC0415 - not for --help
    from cli.output import remark  # noqa: PLC0415
    from cli.output.workbooks.saving import save  # noqa: PLC0415

    refuse_existing(file, "FILE")
    is_paper = file.suffix.lower() == ".docx"
    chosen = {"--of-year": of_year, "--last-period": last_period, "--slip": slip}
    given = [name for name, is_given in chosen.items() if is_given]
    if given and not is_paper:
        raise OptionError(given[0], Message("goes with FILE.docx: a workbook has no such template"))
    if len(given) > 1:
        raise OptionError(given[0], Message("goes without {other}", other=given[1]))
    ledger = measure_of_ledger(url, year)
    if slip:
        from cli.output.documents.slips import slip_template_of  # noqa: PLC0415
        from cli.output.documents.terms import words_of  # noqa: PLC0415

        save(file, slip_template_of(words_of(ledger.measure.source.counted_in.zh)))
    elif is_paper:
        from cli.office import office_of  # noqa: PLC0415
        from cli.output.documents import bulletin_template_of  # noqa: PLC0415
        from cli.output.documents.table import columns  # noqa: PLC0415

        measure = ledger.measure
        if last_period and not measure.calendar.count:
            raise OptionError("--last-period", Message("the measure of {year} has no periods",
                                                       year=ledger.year))  # fmt: skip
        of_year = of_year or not measure.calendar.count
        order = measure.period_order(measure.in_force({}))
        is_ranked = not measure.rank.none
        shown = columns(
            measure,
            ledger.year,
            of_year=of_year,
            ranked=is_ranked if of_year else order != "none",
            with_year=last_period,
            year_ranked=is_ranked,
        )
        save(file, bulletin_template_of(measure, shown, office_of(url).head, of_year=of_year))
    else:
        from cli.output.workbooks.template import template_workbook  # noqa: PLC0415

        save(file, template_workbook(ledger))
    remark("{file} written", file=file)
