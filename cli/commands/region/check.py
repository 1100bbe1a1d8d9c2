"""`region check`: prove the ledgers of all towns whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.region.options import engine_option
from cli.options import format_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.region.engines.engine import Engine


@click.command(epilog="\b\nExample:\n  tally region check region.toml --on local")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@engine_option
@format_option
def check(file: Path, make_engine: Callable[[], Engine], form: str) -> None:
    """Read a region's files, and prove every town's ledger whole.

    Each is checked as `tally check` checks it, with the keys and papers that are beside it on the
    computer that reads it. Exits with 1 if a ledger is damaged or cannot be read.
    """
    from cli.commands.region.asking import asked  # noqa: PLC0415 - not for --help
    from cli.output import write  # noqa: PLC0415
    from cli.output.region.checks import (  # noqa: PLC0415
        check_json,
        check_rows,
        damaged_towns,
        print_checks,
    )
    from projections.region.messages import CheckQuestion  # noqa: PLC0415

    with asked(file, CheckQuestion(), make_engine, form) as outcome:
        write(
            form,
            value=lambda: check_json(outcome),
            table=lambda: print_checks(outcome),
            rows=lambda: check_rows(outcome),
        )
    if damaged_towns(outcome):
        raise SystemExit(1)
