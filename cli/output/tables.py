"""Tables that line up with Chinese text, by rich; plain and unwrapped where no terminal is."""

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
"""Columns where there is no terminal: nothing is cut off in a pipe or a file."""


@cache
def console() -> Console:
    """Standard output."""
    wide = None if sys.stdout.isatty() else _WIDE
    return Console(width=wide, highlight=False, soft_wrap=False, emoji=False, markup=False)


def table(*columns: str, right: tuple[str, ...] = (), title: str | None = None) -> Table:
    """An empty table; the columns named in `right` hold numbers."""
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def print_paragraph(words: str) -> None:
    """An indented paragraph: folded on a terminal, one line in a pipe or a file."""
    if sys.stdout.isatty():
        console().print(Padding(Text(words, style="dim"), (0, 0, 0, 2), expand=False))
    else:
        click.echo(f"  {words}")
