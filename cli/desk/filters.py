"""Read what a list is filtered by from the parameters of an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.options import OptionError
from cli.pages.query import parameter_name, parse_parameter
from cli.parameters.times import DAY
from cli.parameters.values import WHOLE
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cli.desk.work import Given


def choice_of(given: Given, name: str, choices: Iterable[str]) -> str | None:
    """Return the code that a parameter gives; None if it is left out.

    Raises:
        OptionError: it is none of the choices.
    """
    text, known = given.text(name), [*choices]
    if text and text not in known:
        words = Message("{text!r} is not one of {choices}", text=text, choices=Series(known))
        raise OptionError(parameter_name(name), words)
    return text or None


def day_of(given: Given, name: str) -> date | None:
    """Return the day that a parameter gives; None if it is left out.

    Raises:
        OptionError: it is malformed.
    """
    text = given.text(name)
    return parse_parameter(DAY, text, name) if text else None


def whole_of(given: Given, name: str) -> int | None:
    """Return the whole number that a parameter gives; None if it is left out.

    Raises:
        OptionError: it is malformed.
    """
    text = given.text(name)
    return parse_parameter(WHOLE, text, name) if text else None
