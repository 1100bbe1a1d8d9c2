"""`measure`: the group of commands about measures as folders."""

from __future__ import annotations

from importlib import import_module

import click

from cli.language import helped
from cli.suggesting import NamedGroup

_COMMANDS = {
    "list": "cli.commands.measure.showing:list_",
    "show": "cli.commands.measure.showing:show",
    "check": "cli.commands.measure.checking:check",
    "new": "cli.commands.measure.making:new",
    "diff": "cli.commands.measure.comparing:diff",
    "adopt": "cli.commands.measure.adopting:adopt",
}
"""By name: module and function of the command."""


class MeasureGroup(NamedGroup):
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
    cls=MeasureGroup,
    epilog="\b\nExample:\n  tally measure new measures/ours-2017 --from qianlianghu-2016\n"
    "  tally measure check measures/ours-2017\n"
    "  tally measure adopt measures/ours-2017 --year 2017 --basis 镇政办发（2017）3号 --by clerk",
)
def measure() -> None:
    """List, show, check, make, compare and adopt measures, each a folder.

    An adoption is verified by a second person: `tally verify measure:2017`.
    """
