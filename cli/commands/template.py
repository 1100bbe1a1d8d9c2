"""`template`: write a workbook to fill in, or the bulletin's Word template."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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

    The workbook has a sheet for each kind of entry of the measure, and offers the units of the
    ledger if there is one. The bulletin's template has the sections of the ledger's measure. An
    existing file is not overwritten.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.output.workbooks.saving import save  # noqa: PLC0415

    if file.exists():
        raise OptionError("FILE", Message("{file} exists already; name a new one", file=file))
    ledger = _ledger(url)
    if file.suffix.lower() == ".docx":
        from cli.output.bulletin import template_of  # noqa: PLC0415

        measure = ledger.measure
        of_year = of_year or not measure.calendar.count
        order = measure.period_order(measure.in_force({}))
        ranked = not measure.rank.none if of_year else order != "none"
        save(file, template_of(measure, of_year=of_year, ranked=ranked))
    else:
        from cli.output.workbooks.template import template_workbook  # noqa: PLC0415

        save(file, template_workbook(ledger.units, ledger.kinds, ledger.wanted))
    remark("{file} written", file=file)


class _Ledger(NamedTuple):
    """Measure, kinds and units that templates are made from; without a ledger the program's own."""

    measure: Measure
    """Of the latest year."""
    kinds: Kinds
    wanted: frozenset[str]
    """The kinds of entries that are recorded under the measures."""
    units: list[tuple[str, str]]
    """Ids and names."""


def _ledger(url: str) -> _Ledger:
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.entries import Unit  # noqa: PLC0415
    from ledger.errors import NotALedgerError  # noqa: PLC0415
    from ledger.kinds import BUILT_IN  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415
    from projections.measure import built_in  # noqa: PLC0415

    try:
        with session(url) as opened:
            state, year = opened.loader.of_kinds(["unit"]), opened.loader.latest_year()
            units = sorted(
                (entry_state.entry.id, entry_state.entry.name)
                for entry_state in state.entries.values()
                if isinstance(entry_state.entry, Unit) and entry_state.reversed is None
            )
            measure, _ = opened.loader.measure(state, year, provisional=True)
            wanted = Measures(state.adoptions).entry_kinds()
            return _Ledger(measure, opened.ledger.kinds, wanted, units)
    except NotALedgerError:
        return _Ledger(built_in(), BUILT_IN, built_in().entry_kinds(), [])
