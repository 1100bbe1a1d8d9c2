"""The help of commands and click's own words in Chinese; names of commands and options stay."""

from __future__ import annotations

import gettext
import inspect
import logging
import os
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, TypeVar

import click

from cli.language.chinese import DOMAIN, LOCALE, catalogue
from cli.language.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind = TypeVar("Kind", bound=click.Command)

EXAMPLE = "Example:"
"""What every epilog opens with; the command lines below it stay as they are."""


@contextmanager
def click_in_chinese() -> Iterator[None]:
    """The library click looks its own words up in the program's catalogue while this lasts.

    It asks the standard library for the locale's language, which may be another than
    TALLY_LANG's: so the language is named to it.
    """
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    busy = logging.getLogger("tally")
    busy.addFilter(_in_chinese)
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = "zh_CN"
    try:
        yield
    finally:
        busy.removeFilter(_in_chinese)
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def _in_chinese(record: logging.LogRecord) -> bool:
    """A filter that lets all pass: what a store says while it waits, in Chinese."""
    record.msg = _of(str(record.msg))
    return True


def in_chinese(command: Kind) -> Kind:
    """A copy of a command whose help is Chinese; the command itself is not touched."""
    made = copy(command)
    made.help = _told(command.help)
    made.short_help = _told(command.short_help)
    made.epilog = None if command.epilog is None else command.epilog.replace(EXAMPLE, _of(EXAMPLE))
    made.params = [_parameter(parameter) for parameter in command.params]
    made.context_class = _Context
    made._help_option = None  # noqa: SLF001 - kept in the language that it was first asked in
    return made


def _parameter(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    made = copy(parameter)
    made.help = _told(parameter.help)
    return made


def _told(help_: str | None) -> str | None:
    return None if help_ is None else _of(inspect.cleandoc(help_))


def _of(text: str) -> str:
    return catalogue().gettext(text) if text else text


class _Formatter(click.HelpFormatter):
    """click's, but lines are as wide as they look: a Chinese character takes two columns."""

    def write_text(self, text: str) -> None:
        """Paragraphs at the present indent."""
        indent = " " * self.current_indent
        for line in fold(text, self.width - self.current_indent):
            self.write(f"{indent}{line}".rstrip() + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """A list of options or commands, each with its help beside it, or below if it is long."""
        listed = list(rows)
        first = min(max(len(term) for term, _ in listed), col_max) + col_spacing
        margin = " " * (first + self.current_indent)
        for term, told in listed:
            lines = fold(told, max(self.width - first - self.current_indent, 10))
            beside = len(term) <= first - col_spacing
            opening = " " * self.current_indent + term
            if not beside or not lines:
                self.write(opening + "\n")
            for number, line in enumerate(lines):
                head = opening.ljust(len(margin)) if beside and number == 0 else margin
                self.write(f"{head}{line}\n")


class _Context(click.Context):
    formatter_class = _Formatter
