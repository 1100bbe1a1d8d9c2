"""`region explain`: explain every point of a unit of one town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.commands.region.options import region_option
from cli.options import OptionError, query_options, workbook_option
from cli.parameters.times import PERIOD
from cli.parameters.values import UNIT
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from cli.options import ScoreOptions
    from cli.parameters.times import Period


@click.command(
    epilog="\b\nExample:\n  tally region explain 430681101 V001 2016Q2 --region region.toml"
)
@click.argument("code")
@click.argument("unit", type=UNIT)
@click.argument("period", required=False, type=PERIOD)
@region_option
@query_options("through", "as_of", "provisional", "cached")
@workbook_option
def explain(
    code: str,
    unit: str,
    period: Period | None,
    file: Path,
    query: ScoreOptions,
    form: str,
    output: Path | None,
) -> None:
    """Explain every point of a unit of one town.

    It is what `tally explain` shows of a UNIT's period or year in the ledger of the town with CODE.
    """
    from cli.commands.explain import explain_unit  # noqa: PLC0415 - not for --help
    from cli.commands.region.asking import opened_region  # noqa: PLC0415

    region = opened_region(file)
    town = next((one for one in region.towns if one.code == code), None)
    if town is None:
        words = Message("no town of {region} has the code {code}", region=region.name, code=code)
        raise OptionError("CODE", words)
    explain_unit(town.url, unit, period, query, form, output)
