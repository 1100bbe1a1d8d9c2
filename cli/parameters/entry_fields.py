"""The fields of an entry as command-line values: one at a time from text to JSON."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.language import render
from cli.parameters.times import DAY, TIME
from cli.parameters.values import ENTRY, FLAG, ITEMS, UNIT, WHOLE, Word
from ledger.identifiers import redact
from ledger.message import message_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.entries.base import Field


TYPES: dict[str, click.ParamType[Any]] = {
    "flag": FLAG,
    "whole": WHOLE,
    "day": DAY,
    "moment": TIME,
    "list": ITEMS,
    "pairs": ITEMS,
}
"""By notation, the type of a field's values; others are texts."""


def field_type(field: Field) -> click.ParamType[Any]:
    """Return the command-line type of a field; the ledger checks its bounds."""
    if field.choices:
        return Word(field.choices, field.words, field.english)
    if field.form == "code" and field.refers_to is not None:
        return UNIT if field.refers_to == "unit" else ENTRY
    return TYPES.get(field.form, click.STRING)


def field_named(given: str, fields: Mapping[str, Field]) -> str:
    """Return the field of a name or a Chinese title; if there is none, the text."""
    titled = (name for name, field in fields.items() if field.title == given)
    return given if given in fields else next(titled, given)


def field_value(text: str, name: str, field: Field | None) -> Any:
    """Return the value that a text gives to a field, as JSON has it.

    Raises:
        click.BadParameter: the text is malformed.
    """
    if field is None:
        return text
    return in_json(name, field, field_type(field).convert(text, None, None))


def in_json(name: str, field: Field, value: Any) -> Any:
    """Return a value of a field's type as JSON has it.

    Raises:
        click.BadParameter: an item of a list of pairs is malformed.
    """
    if isinstance(value, date):
        return value.isoformat()
    if field.form == "pairs":
        from cli.workbooks.cells import CellError, pairs  # noqa: PLC0415 - only for these

        try:
            return pairs(value, name)
        except CellError as error:
            raise click.BadParameter(redact(render(message_of(error)))) from None
    return list(value) if isinstance(value, tuple) else value
