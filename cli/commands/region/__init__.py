"""`region`: the group of commands about the ledgers of many towns."""

from __future__ import annotations

from typing import ClassVar

import click

from cli.suggesting import LazyGroup


class RegionGroup(LazyGroup):
    """Commands about many towns."""

    places: ClassVar = {
        "check": "cli.commands.region.check:check",
        "score": "cli.commands.region.score:score",
        "reform": "cli.commands.region.reform:reform",
        "missing": "cli.commands.region.missing:missing",
        "diff": "cli.commands.region.diff:diff",
        "publish": "cli.commands.region.publish:publish",
        "explain": "cli.commands.region.explain:explain",
        "scheduler": "cli.commands.region.cluster:scheduler",
        "worker": "cli.commands.region.cluster:worker",
    }


@click.group(
    cls=RegionGroup,
    epilog="\b\nExample:\n  tally region check region.toml\n"
    "  tally region score --region region.toml --year 2016 --by 4",
)
def region() -> None:
    """Ask the ledgers of many towns at once: a district, a province.

    A file names the servers and the list of towns (docs/province.md). Every town keeps its own
    ledger; nothing is merged and nothing is written to them.
    """
