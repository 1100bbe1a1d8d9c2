"""Print lines for people: on a terminal folded between words, in a pipe as they are."""

from __future__ import annotations

import shutil
import sys

import click

from cli.language.folding import fold_line, width_of, words_of

_LEAST = 20
"""Columns that a folded line takes at least, however narrow the terminal is."""


def screen_width(*, err: bool = False) -> int | None:
    """Return the columns of the terminal that the output or error is, or None if it is none."""
    stream = sys.stderr if err else sys.stdout
    return shutil.get_terminal_size().columns if stream.isatty() else None


def print_line(text: str, *, err: bool = False) -> None:
    """Print text; fold each of its lines between words, at its own indent.

    An id, a number or a date stays on one line.
    """
    width = screen_width(err=err)
    if width is not None:
        text = "\n".join(_folded(line, width) for line in text.split("\n"))
    click.echo(text, err=err)


def _folded(line: str, width: int) -> str:
    body = line.lstrip(" ")
    longest = max(map(width_of, words_of(body)), default=0)
    # A long word has the room of its indent before it would be broken.
    indent = " " * min(len(line) - len(body), max(width - max(longest, _LEAST), 0))
    lines = fold_line(body, max(width - len(indent), _LEAST)) or [""]
    return indent + f"\n{indent}".join(lines)
