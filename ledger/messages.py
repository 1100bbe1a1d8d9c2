"""Translate pydantic's errors into refusals: what is wrong with a field and what to write."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ledger.errors import EntriesRefusedError, Refusal
from ledger.fields import (
    ITEM_PATTERN,
    MONTH_PATTERN,
    PERIOD_PATTERN,
    SHA256_PATTERN,
    WORD_PATTERN,
    Text,
)
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Alternatives, Bilingual, Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "union_tag_not_found": "unknown_kind",
    "union_tag_invalid": "unknown_kind",
    "json_invalid": "not_json",
    "literal_error": "not_a_choice",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "int_parsing_size": "out_of_range",
    "points_range": "out_of_range",
    "year_range": "out_of_range",
    "ends_before_start": "out_of_range",
    "string_too_short": "empty",
    "too_short": "empty",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "identifier": "identifier",
    "month_or_notice": "contradiction",
    "points_or_missing": "contradiction",
}
"""Names for programs of pydantic's types of errors and of our own; the others are `malformed`."""

_DEPTH = 2
"""Parts of the location of an error that name its kind and field; an item of it may follow."""

_NESTED = frozenset({"list", "pairs"})
"""Forms of fields that have items."""

_PATTERNS = {
    MONTH_PATTERN: Message("must be a month written YYYY-MM, as 2016-03"),
    WORD_PATTERN: Message("must be a word in lower case, as village"),
    ITEM_PATTERN: Message("must be the number of an item, as 1.2"),
    PERIOD_PATTERN: Message("must be a period, as 2016Q1"),
    SHA256_PATTERN: Message("must be a SHA-256: 64 digits and letters from a to f"),
}
_SHAPE = Message('must be one JSON object: {"kind": …, "id": …}')
_PAIRS = Message("must be a JSON object of names and values")
_NOT_A_DATE = Message("is not a valid date; check month and day")
_NOT_A_TIME = Message("is not a valid time; check date, hour and minute")

_BY_TYPE = {
    "int_type": Message("must be a whole number"),
    "int_from_float": Message("must be a whole number"),
    "int_parsing": Message("must be a whole number"),
    "int_parsing_size": Message("is far too large a number"),
    "bool_type": Message("must be true or false"),
    "bool_parsing": Message("must be true or false"),
    "string_type": Message("must be text"),
    "tuple_type": Message("must be a list"),
    "greater_than_equal": Message("must be at least {ge}"),
    "less_than_equal": Message("must be at most {le}"),
    "string_too_short": Message("must not be empty"),
    "string_too_long": Message("must have at most {max_length} characters"),
    "too_short": Message("must not be an empty list"),
    "too_long": Message("must have at most {max_length} items"),
    "model_type": Message("must be one JSON object"),
    "string_unicode": Message("has a character that is not valid Unicode; remove it"),
    "date_from_datetime_parsing": _NOT_A_DATE,
    "date_from_datetime_inexact": _NOT_A_DATE,
    "date_parsing": _NOT_A_DATE,
    "datetime_parsing": _NOT_A_TIME,
    "datetime_from_date_parsing": _NOT_A_TIME,
}
"""Messages by pydantic's type of error; its context has their values."""


def _message(error: Mapping[str, Any], kinds: Kinds = BUILT_IN, kind: str | None = None) -> Message:
    """Return the message of an error found in an entry of some kind."""
    error_type, context = error["type"], dict(error.get("ctx", {}))
    known = Series(kinds)
    fields = Series(
        name for name in (kinds.fields(kind) if kind is not None else ()) if name != "kind"
    )
    # pydantic counts lines of what it was given, which is one line of the file.
    parser = str(context.get("error")).replace("at line 1 column", "at character")
    special = {
        "missing": Message("is missing: {kind} needs it", kind=kind),
        "extra_forbidden": Message(
            "is not a field of {kind}; its fields are {fields}", kind=kind, fields=fields
        ),
        "union_tag_not_found": Message("is missing; write one of {kinds}", kinds=known),
        "union_tag_invalid": Message("is not a kind of entry; write one of {kinds}", kinds=known),
        "json_invalid": Message("is not JSON: {error}", error=parser),
        "dict_type": _SHAPE if kind is None else _PAIRS,
        "model_attributes_type": _SHAPE,
    }
    if error_type == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    if error_type in special:
        return special[error_type]
    if error_type == "literal_error":
        expected = Alternatives(re.findall("'[^']*'", context["expected"]))
        return Message("must be one of {expected}", expected=expected)
    # A check of `ledger.fields` brings its own template.
    context.pop("field", None)
    template = context.pop("template", None) or _BY_TYPE.get(error_type)
    return Message(str(error["msg"])) if template is None else Message(template, **context)


def _inner_message(error: Mapping[str, Any]) -> Message:
    """Return the message of an error in a part of an item."""
    inner = {
        "missing": Message("is missing"),
        "extra_forbidden": Message("is not a part of an item; take it out"),
        "dict_type": _PAIRS,
    }
    return inner.get(error["type"]) or _message(error)


def _inside(parts: Sequence[str], message: Message) -> Message:
    """Return a message with the item of a field before it, and the part of the item."""
    for part in reversed([part for part in parts if part != "[key]"]):
        if part.isdigit():
            number = int(part) + 1
            message = Message("item {number}: {message}", number=number, message=message)
        else:
            message = Message("{part}: {message}", part=part, message=message)
    return message


def refusals(
    error: ValidationError,
    entry_id: str | None,
    file: str | None,
    line: int | None,
    kinds: Kinds = BUILT_IN,
) -> Iterable[Refusal]:
    """Yield one refusal for each field that is wrong, without repeating what was written."""
    seen = set[str | None]()
    for found in error.errors(include_url=False, include_input=False):
        location = [str(part) for part in found["loc"]]
        kind = location[0] if location and location[0] in kinds else None
        field = found.get("ctx", {}).get("field")
        if field is None and len(location) > 1:
            field = location[1]
        if found["type"].startswith("union_tag"):
            field = "kind"
        known = None if kind is None else kinds.fields(kind).get(str(field))
        inside = location[_DEPTH:] if known is not None and known.form in _NESTED else []
        message = _inner_message(found) if inside else _message(found, kinds, kind)
        message = _inside(inside, message)
        # One message a field: other branches of a union, and consequences of the first fault,
        # add nothing.
        if field not in seen or field is None:
            seen.add(field)
            code = _CODES.get(found["type"], "malformed")
            if known is not None:  # another kind may give a field of the name another title
                field = Bilingual(str(field), known.title)
            yield Refusal(message, field, entry_id, file, line, code=code)


@cache
def _adapter(field_type: Any) -> TypeAdapter[str]:
    return TypeAdapter(field_type)


def checked_text(field_type: Any, text: str, option: str) -> str:
    """Return the text of an option, validated as a field of an entry is.

    Args:
        field_type: a type of `ledger.fields`, as `Account`.
        text: what the person wrote.
        option: the option's name, for the message.

    Raises:
        EntriesRefusedError: the text is not valid; the message does not repeat it.
    """
    try:
        return _adapter(field_type).validate_python(text)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        raise EntriesRefusedError([Refusal(_message(found), option)]) from None


def reason_text(reason: str) -> str:
    """Return a reason, validated as an entry's is.

    Raises:
        EntriesRefusedError: the text is not valid.
    """
    return checked_text(Text, reason, "reason")
