"""`measure`: the group of commands about measures as folders."""

from __future__ import annotations

from typing import ClassVar

import click

from cli.suggesting import LazyGroup


class MeasureGroup(LazyGroup):
    """Commands about measures as folders."""

    places: ClassVar = {
        "list": "cli.commands.measure.showing:list_",
        "show": "cli.commands.measure.showing:show",
        "check": "cli.commands.measure.checking:check",
        "new": "cli.commands.measure.making:new",
        "diff": "cli.commands.measure.comparing:diff",
        "adopt": "cli.commands.measure.adopting:adopt",
    }


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
