"""Translate the help of commands and the messages of click, but no names."""

from __future__ import annotations

import gettext
import inspect
import logging
import os
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.language.chinese import DOMAIN, LOCALE, chinese, translated, word
from cli.language.folding import fold
from cli.output.lines import PlainFormatter, column_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Command = TypeVar("Command", bound=click.Command)

EXAMPLE = "Example:"
"""First line of every epilog; only this line is translated."""

SEVERAL = "(comma or repeated)"
"""End of the help of an option that takes a list."""


@contextmanager
def click_in_chinese() -> Iterator[None]:
    """Let click find its messages in the program's catalogue.

    click calls the standard library's gettext, which chooses the language by the environment.
    LANGUAGE is set there because TALLY_LANG may differ from the locale.
    """
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    logger = logging.getLogger("tally")
    logger.addFilter(_translate_record)
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = "zh_CN"
    try:
        yield
    finally:
        logger.removeFilter(_translate_record)
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def _translate_record(record: logging.LogRecord) -> bool:
    """Translate a log message, such as that a store is busy, and let it pass."""
    record.msg = translated(str(record.msg))
    return True


def in_chinese(command: Command) -> Command:
    """Return a copy of a command with its help in Chinese."""
    made = copy(command)
    made.help = _help(command.help)
    made.short_help = _help(command.short_help)
    if command.epilog is not None:
        made.epilog = command.epilog.replace(EXAMPLE, translated(EXAMPLE))
    fields: Mapping[str, Any] = getattr(command, "fields", {})  # of a command of `tally record`
    made.params = [parameter_in_chinese(one, fields.get(one.name or "")) for one in command.params]
    made.context_class = _Context
    return made


def parameter_in_chinese(parameter: click.Parameter, field: Any = None) -> click.Parameter:
    """Return a copy of a parameter with its help in Chinese; of a field with its choices."""
    if isinstance(parameter.type, click.types.IntParamType):
        parameter = copy(parameter)
        parameter.type = copy(parameter.type)
        parameter.type.name = translated("whole number")  # for messages; the help has metavars
    if not isinstance(parameter, click.Option):
        return parameter
    made = copy(parameter)
    made.help = _help(parameter.help) if field is None else _field_help(field, parameter.help or "")
    return made


def _field_help(field: Any, text: str) -> str:
    """Return a field's title, its meaning, and in parentheses what its option takes."""
    more = text.removeprefix(f"{field.title}: {field.description}").strip()
    known = translated(more)
    if field.choices:
        titles = (f"{field.words.get(one) or word(one)} {one}" for one in field.choices)
        known = f"（{'、'.join(titles)}）"
    return "：".join(dict.fromkeys([field.title, chinese(field.description)])) + known


def _help(text: str | None) -> str | None:
    return None if text is None else translated(inspect.cleandoc(text))


class _Formatter(PlainFormatter):
    """Fold lines by the columns that they take: a Chinese character takes two."""

    def write_text(self, text: str) -> None:
        """Write paragraphs at the current indent."""
        indent = " " * self.current_indent
        for line in fold(text, self.width - self.current_indent):
            self.write(f"{indent}{line}".rstrip() + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or commands, each with its help beside or below it."""
        listed = list(rows)
        col_max = min(col_max, column_of(self.width))
        first = min(max(len(term) for term, _ in listed), col_max) + col_spacing
        margin = " " * (first + self.current_indent)
        for term, text in listed:
            lines = fold(text, max(self.width - first - self.current_indent, 10))
            beside = len(term) <= first - col_spacing
            opening = " " * self.current_indent + term
            if not beside or not lines:
                self.write(opening + "\n")
            for number, line in enumerate(lines):
                head = opening.ljust(len(margin)) if beside and number == 0 else margin
                self.write(f"{head}{line}\n")


class _Context(click.Context):
    formatter_class = _Formatter
