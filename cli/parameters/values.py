"""Words, flags, numbers, lists, files and URLs as command-line values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import completing
from cli.language import render
from cli.parameters import MalformedError, Named, Parsed
from ledger.errors import TallyError
from ledger.identifiers import redact
from ledger.message import Choice, Message, Series, message_of
from ledger.stores import check_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from click.shell_completion import CompletionItem

_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


class Word(click.Choice[str]):
    """One of a few codes, given as the code or as the words that tables print."""

    def __init__(
        self,
        choices: Sequence[str],
        words: Mapping[str, str] | None = None,
        english: Mapping[str, str] | None = None,
    ) -> None:
        """Take the codes, and the Chinese and English of those not of the vocabulary."""
        super().__init__(choices)
        self._words, self._english = words or {}, english or {}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code that a word means.

        Raises:
            click.BadParameter: it means none of the codes; the message lists them with their words.
        """
        code = value if value in self.choices else self._code_of(value)
        return super().convert(code, param, ctx)

    def _code_of(self, text: str) -> str:
        from cli.language.chinese import word  # noqa: PLC0415 - only for what is not a code
        from cli.workbooks.words import half_width, meant  # noqa: PLC0415

        plain, codes = half_width(text).strip(), tuple(self.choices)
        titles = tuple(self._words.items()), tuple(self._english.items())
        known = meant(plain, codes, *titles)
        return known or next((code for code in codes if word(code) == plain), text)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete a code, with its Chinese as help, or its Chinese."""
        del ctx, param
        return completing.titled(incomplete, self._titles())

    def _titles(self) -> dict[str, str]:
        from cli.language.chinese import word  # noqa: PLC0415 - only for a message or a shell

        return {code: self._words.get(code) or word(code) for code in self.choices}

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """List the codes, each with its Chinese."""
        del ctx
        choices = Series(
            code if title == code else Message("{code} ({word})", code=code, word=title)
            for code, title in self._titles().items()
        )
        return redact(
            render("{text!r} is not one of the choices: {choices}", text=value, choices=choices)
        )


def _flag(text: str) -> bool:
    from cli.workbooks.words import FLAGS, half_width  # noqa: PLC0415 - only to record entries

    found = FLAGS.get(half_width(text).strip().casefold())
    if found is None:
        raise MalformedError(
            Message("{text!r} is neither yes nor no; write true (是) or false (否)", text=text)
        )
    return found


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise MalformedError(
            Message("{text!r} is not a whole number; write digits, as 5", text=text)
        )
    return int(text)


def _items(text: str) -> tuple[str, ...]:
    from cli.workbooks.words import items  # noqa: PLC0415 - only to record entries

    return tuple(items(text))


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise MalformedError(
            Message("{text!r} is not FIELD=VALUE; write headcount=6 or 人数=6", text=text)
        )
    return name, value


def _ledger_url(text: str) -> str:
    try:
        check_url(text)
    except TallyError as error:
        raise MalformedError(message_of(error)) from None
    return text


def output_file(*endings: str) -> Parsed[Path]:
    """Make the type of a file to write with one of some endings, as `.xlsx`."""

    def parse(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in endings:
            raise MalformedError(
                Message("{path} must end in {endings}", path=path, endings=Choice(endings))
            )
        return path

    return Parsed(parse, completing.files)


FLAG = Parsed(_flag, completing.flags)
"""true or false, yes or no, 是 or 否."""

WHOLE = Parsed(_whole)
"""A whole number in digits; its bounds are for the ledger to check."""

ITEMS = Parsed(_items)
"""Texts with commas between them, or what else separates the items of a cell: 、；."""

SETTING = Parsed(_setting)
"""The name of a field and its value, as text."""

UNIT = Named(completing.units)
"""A unit by its id, or by its name where one unit alone has it."""

ENTRY = Named(completing.entries)
"""The id of an entry, or the name of what else has a history."""

KIND = Named(completing.kinds)
"""A kind of entries by its name or title."""

ACCOUNT = Named(completing.accounts)
"""The name of somebody who acts."""

MEASURE = Named(completing.measures_or_folders)
"""A measure by its id, or the folder that holds it."""

LEDGER_URL = Parsed(_ledger_url)
"""The URL of a kind of store that exists; whether a ledger is there is seen when it is opened."""
