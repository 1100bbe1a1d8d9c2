"""A single text that a command was given, checked as the same field of an entry is."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ledger.errors import EntriesRefusedError, Refusal
from ledger.messages import told


@cache
def _adapter(field_type: Any) -> TypeAdapter[str]:
    return TypeAdapter(field_type)


def given_text(field_type: Any, text: str, option: str) -> str:
    """The text, checked by a type of `ledger.fields`.

    Args:
        field_type: the type, as `Account`.
        text: what was given.
        option: what it was given for, for the message.

    Raises:
        EntriesRefusedError: it does not fit; the text itself is not repeated.
    """
    try:
        return _adapter(field_type).validate_python(text)
    except ValidationError as error:
        words = told(error.errors(include_url=False, include_input=False)[0])
        raise EntriesRefusedError([Refusal(words, option)]) from None
