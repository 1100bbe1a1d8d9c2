"""Types of command-line values; a malformed value is wrong usage (status 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.types import StringParamType

from cli.language import render
from ledger.identifiers import redact
from ledger.message import message_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    Values = Callable[[click.Context, str], list[CompletionItem[str]]]

Value = TypeVar("Value")


class MalformedError(ValueError):
    """A text that cannot be parsed; the message says what to write."""


class Named(StringParamType):
    """A text of which the shell completes values that exist."""

    def __init__(self, values: Values) -> None:
        """Take a function of `cli.completing` that returns them."""
        self._values = values

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Complete a value."""
        del param
        return self._values(ctx, incomplete)


class Parsed(click.ParamType[Value]):
    """A type whose values a function parses from text."""

    name = "value"

    def __init__(self, parse: Callable[[str], Value], values: Values | None = None) -> None:
        """Make the type of a function that returns the value, or raises `MalformedError`.

        Args:
            parse: the function.
            values: a function of `cli.completing` that returns values that exist, for the shell.
        """
        self.parse = parse
        self._values = values

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Complete a value."""
        del param
        return [] if self._values is None else self._values(ctx, incomplete)

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
