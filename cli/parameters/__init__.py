"""Types of command-line values; a malformed value is wrong usage (status 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.language import render
from ledger.identifiers import redact
from ledger.message import message_of

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


class MalformedError(ValueError):
    """A text that cannot be parsed; the message says what to write."""


class Parsed(click.ParamType[Value]):
    """A type whose values a function parses from text."""

    name = "value"

    def __init__(self, parse: Callable[[str], Value]) -> None:
        """Make the type of a function that returns the value, or raises `MalformedError`."""
        self.parse = parse

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Value:
        """Parse a text; return any other value, such as a default, unchanged.

        Raises:
            click.BadParameter: the text is malformed; personal identifiers in it are masked.
        """
        if not isinstance(value, str):
            default: Value = value
            return default
        try:
            return self.parse(value)
        except MalformedError as error:
            self.fail(redact(render(message_of(error))), param, ctx)
