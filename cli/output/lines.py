"""Print lines for people: on a terminal folded between words, in a pipe as they are.

Everything that a person reads goes out here or by `cli.output.tables`, without control characters:
a name in a changed ledger could move the cursor, or write a line such as the verdict of a check.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from cli.language.folding import fold_line, width_of, words_of
from ledger.characters import visible, visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEAST, _MOST = 20, 80
"""Columns that a folded line takes at least, however narrow the terminal is, and a help at most."""


def screen_width(*, err: bool = False) -> int | None:
    """Return the columns of the terminal that the output or error is, or None if it is none."""
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        return None
    if not (os.environ.get("COLUMNS") or sys.stdout.isatty()):
        # `shutil` asks the terminal of the output alone.
        with suppress(OSError):
            return os.get_terminal_size(stream.fileno()).columns
    return _columns()


def _columns() -> int:
    import shutil  # noqa: PLC0415 - it brings compression along, which no pipe needs

    return shutil.get_terminal_size().columns


def print_line(text: str, *, err: bool = False) -> None:
    """Print text; fold each of its lines between words, at its own indent.

    An id, a number or a date stays on one line. Line breaks at the beginning are blank lines; any
    other is part of a value, and shown by a mark like the control characters.
    """
    text = _visible(text)
    width = screen_width(err=err)
    if width is not None:
        text = "\n".join(_folded(line, width) for line in text.split("\n"))
    click.echo(text, err=err)


def folded_message(text: str, before: str) -> str:
    """Return a message for standard error, folded where that is a terminal.

    Args:
        text: the message, on one line.
        before: what is printed before it.
    """
    width = screen_width(err=True)
    return text if width is None else _folded(before + text, width).removeprefix(before)


def print_note(note: str) -> None:
    """Print a signed note, whose lines are its own, at the width that they have."""
    for line in note.removesuffix("\n").split("\n"):
        click.echo(visible(line))


def column_of(width: int) -> int:
    """Return the most columns for the names of options, left of their helps, in some columns."""
    return max(width // 2 - 8, 10)


class PlainFormatter(click.HelpFormatter):
    """Formats helps, which have words of the ledger's measure, without control characters.

    click's own takes 50 columns, however narrow the terminal is.
    """

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        if width is None:
            width = max(min(_columns(), max_width or _MOST) - 2, _LEAST)
        super().__init__(indent_increment, width, max_width)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or commands, each with its help beside or below it."""
        super().write_dl(rows, min(col_max, column_of(self.width)), col_spacing)

    def getvalue(self) -> str:
        """Return the help."""
        return visible_lines(super().getvalue())


class PlainContext(click.Context):
    """The context of a command whose help is formatted so."""

    formatter_class = PlainFormatter


def ask(question: str) -> None:
    """Print a question on standard error, for an answer on the same line."""
    click.echo(_visible(question), nl=False, err=True)


def _visible(text: str) -> str:
    """Return a text with marks for control characters, but for the line breaks it begins with."""
    body = text.lstrip("\n")
    return "\n" * (len(text) - len(body)) + visible(body)


def _folded(line: str, width: int) -> str:
    body = line.lstrip(" ")
    longest = max(map(width_of, words_of(body)), default=0)
    # A long word has the room of its indent before it would be broken.
    indent = " " * min(len(line) - len(body), max(width - max(longest, _LEAST), 0))
    lines = fold_line(body, max(width - len(indent), _LEAST)) or [""]
    return indent + f"\n{indent}".join(lines)
