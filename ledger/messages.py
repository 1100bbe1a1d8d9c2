"""Pydantic's findings in the words of the office: what is wrong with a field and what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ledger.entries import BY_KIND
from ledger.errors import Refusal
from ledger.saying import Alternatives, Said, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationError


def told(found: Mapping[str, Any]) -> Said:
    """Return the message of one of pydantic's errors, ours or its own."""
    context = dict(found.get("ctx", {}))
    template, _ = context.pop("template", None), context.pop("field", None)
    if template is not None:
        return Said(template, **context)
    if found["type"] == "string_too_short":
        return Said("must not be empty")
    if found["type"] == "string_too_long":
        return Said("String should have at most {max_length} characters", **context)
    return Said(str(found["msg"]))


_PATTERNS = {
    "month": Said("must be a month written YYYY-MM, as 2016-03"),
}
_DEPTH_OF_ITEMS = 2
_ID = Said("must be 1 to 64 letters, digits, '-', '_', '.' or '/'")

_SHAPE = Said('must be one JSON object: {"kind": …, "id": …}')
_WORDS = {
    "int_type": Said("must be a whole number"),
    "int_from_float": Said("must be a whole number"),
    "int_parsing": Said("must be a whole number"),
    "int_parsing_size": Said("is far too large a number"),
    "bool_type": Said("must be true or false"),
    "bool_parsing": Said("must be true or false"),
    "string_type": Said("must be text"),
    "tuple_type": Said("must be a list"),
    "greater_than_equal": Said("must be at least {ge}"),
    "less_than_equal": Said("must be at most {le}"),
    "string_too_long": Said("must have at most {max_length} characters"),
    "too_short": Said("must not be an empty list"),
    "too_long": Said("must have at most {max_length} items"),
    "model_type": Said("must be one JSON object"),
    "string_unicode": Said("has a character that is no valid Unicode"),
    "date_from_datetime_parsing": Said("is no day of the calendar"),
    "date_from_datetime_inexact": Said("is no day of the calendar"),
    "date_parsing": Said("is no day of the calendar"),
    "datetime_parsing": Said("is no time of the calendar"),
    "datetime_from_date_parsing": Said("is no time of the calendar"),
}


def _of_the_line(error: str) -> str:
    """The parser counts lines of what it was given, which is one line of the file."""
    return error.replace("at line 1 column", "at character")


def _words(kind: str | None, field: str | None, error: dict[str, Any]) -> Said:
    error_type, context = error["type"], error.get("ctx", {})
    kinds = Series(BY_KIND)
    fields = Series(
        name for name in (BY_KIND[kind].FIELDS if kind is not None else ()) if name != "kind"
    )
    parser = _of_the_line(str(context.get("error")))
    special = {
        "missing": Said("is missing: {kind} needs it", kind=kind),
        "extra_forbidden": Said(
            "is no field of {kind}, which takes {fields}", kind=kind, fields=fields
        ),
        "union_tag_not_found": Said("is missing: one of {kinds}", kinds=kinds),
        "union_tag_invalid": Said("is no kind of entry: one of {kinds}", kinds=kinds),
        "json_invalid": Said("is not JSON: {error}", error=parser),
        "dict_type": _SHAPE,
        "model_attributes_type": _SHAPE,
        "string_pattern_mismatch": _PATTERNS.get(field or "", _ID),
    }
    if error_type in special:
        return special[error_type]
    if error_type == "literal_error":
        expected = Alternatives(re.findall("'[^']*'", context["expected"]))
        return Said("must be one of {expected}", expected=expected)
    if error_type in _WORDS:
        return Said(_WORDS[error_type], **context)
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
            words = Said("item {number}: {words}", number=number, words=words)
        refusal = Refusal(words, field, entry_id, file, line)
        # One word a field: the branches of a union, and what follows from the first, add nothing.
        if field not in seen or field is None:
            seen.add(field)
            yield refusal
