"""`region explain`: explain every point of a unit of one town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.commands.region.options import region_option
from cli.options import OptionError, query_options, workbook_option
from cli.parameters.times import PERIOD
from cli.parameters.values import UNIT
from ledger.message import Message, Series

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from cli.parameters.times import Period
    from projections.region.towns import Region, Town


@click.command(
    epilog="\b\nExample:\n  tally region explain 430681101 V001 2016Q2 --region region.toml"
)
@click.argument("named", metavar="TOWN")
@click.argument("unit", type=UNIT)
@click.argument("period", required=False, type=PERIOD)
@region_option
@query_options("through", "as_of", "provisional", "cached")
@workbook_option
def explain(
    named: str,
    unit: str,
    period: Period | None,
    file: Path,
    query: ScoreOptions,
    form: str,
    output: Path | None,
) -> None:
    """Explain every point of a unit of one town.

    It is what `tally explain` shows of a UNIT's period or year in the ledger of a TOWN, by its
    code or its name.
    """
    from cli.commands.explain import explain_unit  # noqa: PLC0415 - not for --help
    from cli.commands.region.asking import opened_region  # noqa: PLC0415

    region = opened_region(file)
    explain_unit(_town(region, named).url, unit, period, query, form, output)


def _town(region: Region, named: str) -> Town:
    """Return the town of a code, or of a name that no other has.

    Raises:
        OptionError: there is none, or several have the name.
    """
    found = [one for one in region.towns if one.code == named]
    found = found or [one for one in region.towns if one.name == named]
    if not found:
        words = Message(
            "no town of {region} has the code or the name {named}", region=region.name, named=named
        )
        raise OptionError("TOWN", words)
    if len(found) > 1:
        words = Message(
            "{named} is the name of several towns; write the code of one: {codes}",
            named=named,
            codes=Series(one.code for one in found),
        )
        raise OptionError("TOWN", words)
    return found[0]
