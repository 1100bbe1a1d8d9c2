"""`region`: the group of commands about the ledgers of many towns."""

from __future__ import annotations

from importlib import import_module

import click

from cli.language import helped
from cli.suggesting import NamedGroup

_COMMANDS = {
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
"""By name: module and function of the command."""


class RegionGroup(NamedGroup):
    """A group that imports a command only when it is called or its help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which they are used."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a name; return None if there is none."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return helped(command)


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
