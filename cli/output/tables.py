"""Print tables aligned for Chinese text; plain text if there is no terminal."""

from __future__ import annotations

import sys
from functools import cache

import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_WIDE = 240
"""Columns without a terminal, so that nothing is cut off in a pipe or a file."""


@cache
def console() -> Console:
    """Return the console that prints to standard output."""
    wide = None if sys.stdout.isatty() else _WIDE
    return Console(width=wide, highlight=False, soft_wrap=False, emoji=False, markup=False)


def table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns named in `right` are aligned right."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def print_paragraph(text: str) -> None:
    """Print an indented paragraph: wrapped on a terminal, else on one line."""
    if sys.stdout.isatty():
        console().print(Padding(Text(text, style="dim"), (0, 0, 0, 2), expand=False))
    else:
        click.echo(f"  {text}")
