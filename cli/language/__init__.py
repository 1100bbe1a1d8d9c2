"""The language that people read: Chinese or English, decided here and nowhere else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ledger.saying import Said, Series

if TYPE_CHECKING:
    import click

    from projections.postings import Working

_ENGLISH, _CHINESE = "en", "zh"


def default_language() -> str:
    """By TALLY_LANG, else by the locale: zh or en."""
    names = ("TALLY_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    named = next((os.environ[name] for name in names if os.environ.get(name)), _ENGLISH)
    return _CHINESE if named.lower().startswith(_CHINESE) else _ENGLISH


def helped(command: click.Command) -> click.Command:
    """A command with its help in the language of whoever sits at the terminal."""
    if default_language() == _ENGLISH:
        return command
    from cli.language.helping import in_chinese  # noqa: PLC0415 - only for who reads it

    return in_chinese(command)


def tell(text: str | Working, /, **values: object) -> str:
    """A sentence, a working or a word, in the language of whoever sits at the terminal.

    Args:
        text: what was said, or a template for the values.
        values: by their names in the template.
    """
    return tell_in(default_language(), Said(str(text), **values) if values else text)


def tell_in(language: str, text: str | Working | Series) -> str:
    """The same in a language; in English no catalogue is even looked for."""
    if language != _CHINESE:
        return str(text)
    from cli.language.chinese import chinese  # noqa: PLC0415 - only for who reads it

    return chinese(text)
