"""`template`: write a workbook to fill in, or the bulletin's Word template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import OptionError, ledger_option
from cli.parameters.values import output_file
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.kinds import Kinds
    from projections.measure import Measure


@click.command(
    epilog="\b\nExample:\n  tally template entries.xlsx\n  tally template bulletin.docx",
)
@click.argument("file", type=output_file(".xlsx", ".docx"))
@click.option(
    "--of-year", is_flag=True, help="The template of a year's bulletin, not of a period's."
)
@ledger_option
def template(file: Path, url: str, *, of_year: bool) -> None:
    """Write a workbook to fill in (FILE.xlsx), or the bulletin's template to change (FILE.docx).

    The workbook has a sheet for each kind of entry, and offers the units of the ledger if there
    is one. The bulletin's template has the sections of the ledger's measure. An existing file is
    not overwritten.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.output.workbooks.saving import save  # noqa: PLC0415

    if file.exists():
        raise OptionError("FILE", Message("{file} exists already; name a new one", file=file))
    if file.suffix.lower() == ".docx":
        from cli.output.bulletin import template_of  # noqa: PLC0415

        measure = _measure(url)
        of_year = of_year or not measure.calendar.count
        order = measure.period_order(measure.in_force({}))
        ranked = not measure.rank.none if of_year else order != "none"
        save(file, template_of(measure, of_year=of_year, ranked=ranked))
    else:
        from cli.output.workbooks.template import template_workbook  # noqa: PLC0415

        save(file, template_workbook(*_units_and_kinds(url)))
    remark("{file} written", file=file)


def _measure(url: str) -> Measure:
    """Return the measure of a ledger's latest year; the built-in one without a ledger."""
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.errors import NotALedgerError  # noqa: PLC0415
    from projections.measure import built_in  # noqa: PLC0415

    try:
        with session(url) as opened:
            state, year = opened.loader.of_kinds(()), opened.loader.latest_year()
            return opened.loader.measure(state, year, provisional=True).measure
    except NotALedgerError:
        return built_in()


def _units_and_kinds(url: str) -> tuple[list[tuple[str, str]], Kinds]:
    """Return ids and names of the units of a ledger, and its kinds; built-in ones without one."""
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.entries import Unit  # noqa: PLC0415
    from ledger.errors import NotALedgerError  # noqa: PLC0415
    from ledger.kinds import BUILT_IN  # noqa: PLC0415

    try:
        with session(url) as opened:
            entry_states = opened.loader.of_kinds(["unit"]).entries.values()
            units = sorted(
                (entry_state.entry.id, entry_state.entry.name)
                for entry_state in entry_states
                if isinstance(entry_state.entry, Unit) and entry_state.reversed is None
            )
            return units, opened.ledger.kinds
    except NotALedgerError:
        return [], BUILT_IN
