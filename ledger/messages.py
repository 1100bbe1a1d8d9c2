"""Pydantic's findings in the words of the office: what is wrong with a field and what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries import BY_KIND
from ledger.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import ValidationError

_PATTERNS = {
    "month": "must be a month written YYYY-MM, as 2016-03",
}
_DEPTH_OF_ITEMS = 2
_ID = "must be 1 to 64 letters, digits, '-', '_', '.' or '/'"

_WORDS = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is far too large a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be one of {expected}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "too_short": "must not be an empty list",
    "too_long": "must have at most {max_length} items",
    "model_type": "must be one JSON object",
    "dict_type": 'must be one JSON object: {{"kind": …, "id": …}}',
    "model_attributes_type": 'must be one JSON object: {{"kind": …, "id": …}}',
    "string_unicode": "has a character that is no valid Unicode",
    "date_from_datetime_parsing": "is no day of the calendar",
    "date_from_datetime_inexact": "is no day of the calendar",
    "date_parsing": "is no day of the calendar",
    "datetime_parsing": "is no time of the calendar",
    "datetime_from_date_parsing": "is no time of the calendar",
}


def _of_the_line(error: str) -> str:
    """The parser counts lines of what it was given, which is one line of the file."""
    return error.replace("at line 1 column", "at character")


def _words(kind: str | None, field: str | None, error: dict[str, Any]) -> str:
    error_type, context = error["type"], error.get("ctx", {})
    kinds = ", ".join(BY_KIND)
    fields = (
        ", ".join(name for name in BY_KIND[kind].model_fields if name != "kind")
        if kind is not None
        else ""
    )
    special = {
        "missing": f"is missing: {kind} needs it",
        "extra_forbidden": f"is no field of {kind}, which takes {fields}",
        "union_tag_not_found": f"is missing: one of {kinds}",
        "union_tag_invalid": f"is no kind of entry: one of {kinds}",
        "json_invalid": f"is not JSON: {_of_the_line(str(context.get('error')))}",
        "string_pattern_mismatch": _PATTERNS.get(field or "", _ID),
    }
    if error_type in special:
        return special[error_type]
    if error_type in _WORDS:
        return _WORDS[error_type].format(**context)
    return str(error["msg"])


def refusals(
    error: ValidationError, entry_id: str | None, file: str | None, line: int | None
) -> Iterable[Refusal]:
    """One refusal for each field that pydantic found wrong; the input itself is never repeated."""
    told = set[str | None]()
    for found in error.errors(include_url=False, include_input=False):
        location = [str(part) for part in found["loc"]]
        kind = location[0] if location and location[0] in BY_KIND else None
        field = found.get("ctx", {}).get("field")
        if field is None and len(location) > 1:
            field = location[1]
        if found["type"].startswith("union_tag"):
            field = "kind"
        in_list = len(location) > _DEPTH_OF_ITEMS and location[_DEPTH_OF_ITEMS].isdigit()
        item = f"item {int(location[_DEPTH_OF_ITEMS]) + 1}: " if in_list else ""
        refusal = Refusal(item + _words(kind, field, dict(found)), field, entry_id, file, line)
        # One word a field: the branches of a union, and what follows from the first, add nothing.
        if field not in told or field is None:
            told.add(field)
            yield refusal
