"""Pydantic's findings in the words of the office: what is wrong with a field and what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ledger.entries import BY_KIND
from ledger.errors import Refusal
from ledger.message import Alternatives, Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationError


def told(found: Mapping[str, Any]) -> Message:
    """Return the message of one of pydantic's errors, ours or its own."""
    context = dict(found.get("ctx", {}))
    template, _ = context.pop("template", None), context.pop("field", None)
    if template is not None:
        return Message(template, **context)
    if found["type"] == "string_too_short":
        return Message("must not be empty")
    if found["type"] == "string_too_long":
        return Message("String should have at most {max_length} characters", **context)
    return Message(str(found["msg"]))


_PATTERNS = {
    "month": Message("must be a month written YYYY-MM, as 2016-03"),
}
_DEPTH_OF_ITEMS = 2
_ID = Message("must be 1 to 64 letters, digits, '-', '_', '.' or '/'")

_SHAPE = Message('must be one JSON object: {"kind": …, "id": …}')
_WORDS = {
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
    "string_too_long": Message("must have at most {max_length} characters"),
    "too_short": Message("must not be an empty list"),
    "too_long": Message("must have at most {max_length} items"),
    "model_type": Message("must be one JSON object"),
    "string_unicode": Message("has a character that is no valid Unicode"),
    "date_from_datetime_parsing": Message("is no day of the calendar"),
    "date_from_datetime_inexact": Message("is no day of the calendar"),
    "date_parsing": Message("is no day of the calendar"),
    "datetime_parsing": Message("is no time of the calendar"),
    "datetime_from_date_parsing": Message("is no time of the calendar"),
}


def _of_the_line(error: str) -> str:
    """The parser counts lines of what it was given, which is one line of the file."""
    return error.replace("at line 1 column", "at character")


def _words(kind: str | None, field: str | None, error: dict[str, Any]) -> Message:
    error_type, context = error["type"], error.get("ctx", {})
    kinds = Series(BY_KIND)
    fields = Series(
        name for name in (BY_KIND[kind].FIELDS if kind is not None else ()) if name != "kind"
    )
    parser = _of_the_line(str(context.get("error")))
    special = {
        "missing": Message("is missing: {kind} needs it", kind=kind),
        "extra_forbidden": Message(
            "is no field of {kind}, which takes {fields}", kind=kind, fields=fields
        ),
        "union_tag_not_found": Message("is missing: one of {kinds}", kinds=kinds),
        "union_tag_invalid": Message("is no kind of entry: one of {kinds}", kinds=kinds),
        "json_invalid": Message("is not JSON: {error}", error=parser),
        "dict_type": _SHAPE,
        "model_attributes_type": _SHAPE,
        "string_pattern_mismatch": _PATTERNS.get(field or "", _ID),
    }
    if error_type in special:
        return special[error_type]
    if error_type == "literal_error":
        expected = Alternatives(re.findall("'[^']*'", context["expected"]))
        return Message("must be one of {expected}", expected=expected)
    if error_type in _WORDS:
        return Message(_WORDS[error_type], **context)
    return told(error)


def refusals(
    error: ValidationError, entry_id: str | None, file: str | None, line: int | None
) -> Iterable[Refusal]:
    """One refusal for each field that pydantic found wrong; the input itself is never repeated."""
    seen = set[str | None]()
    for found in error.errors(include_url=False, include_input=False):
        location = [str(part) for part in found["loc"]]
        kind = location[0] if location and location[0] in BY_KIND else None
        field = found.get("ctx", {}).get("field")
        if field is None and len(location) > 1:
            field = location[1]
        if found["type"].startswith("union_tag"):
            field = "kind"
        in_list = len(location) > _DEPTH_OF_ITEMS and location[_DEPTH_OF_ITEMS].isdigit()
        words = _words(kind, field, dict(found))
        if in_list:
            number = int(location[_DEPTH_OF_ITEMS]) + 1
            words = Message("item {number}: {words}", number=number, words=words)
        refusal = Refusal(words, field, entry_id, file, line)
        # One word a field: the branches of a union, and what follows from the first, add nothing.
        if field not in seen or field is None:
            seen.add(field)
            yield refusal
