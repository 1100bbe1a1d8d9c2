"""Choose the language for people, Chinese or English, and render messages in it."""

from __future__ import annotations

import os
from copy import copy
from typing import TYPE_CHECKING, TypeVar

from ledger.message import Message, Series

if TYPE_CHECKING:
    import click

    from projections.postings import Working

Command = TypeVar("Command", bound="click.Command")

_ENGLISH, _CHINESE = "en", "zh"


def default_language() -> str:
    """Return zh or en, by TALLY_LANG, else by the locale."""
    variables = ("TALLY_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    language = next((os.environ[name] for name in variables if os.environ.get(name)), _ENGLISH)
    return _CHINESE if language.lower().startswith(_CHINESE) else _ENGLISH


def helped(command: Command) -> Command:
    """Return a copy of a command with its help in the default language.

    A copy in English too: click keeps the help option in the command, in the language of its first
    use.
    """
    if default_language() == _ENGLISH:
        from cli.output.lines import PlainContext  # noqa: PLC0415 - that module renders too

        made = copy(command)
        made.context_class = PlainContext
        return made
    from cli.language.helping import in_chinese  # noqa: PLC0415 - only for Chinese

    return in_chinese(command)


def render(text: str | Working, /, **values: object) -> str:
    """Return a message, a working or a coded value in the default language.

    Args:
        text: the message, or a template for the values.
        values: by their names in the template.
    """
    return tell_in(default_language(), Message(str(text), **values) if values else text)


def tell_in(language: str, text: str | Working | Series) -> str:
    """Return a message in a language; English needs no catalogue."""
    if language != _CHINESE:
        return str(text)
    from cli.language.chinese import chinese  # noqa: PLC0415 - only for Chinese

    return chinese(text)
