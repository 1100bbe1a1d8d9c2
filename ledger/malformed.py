"""Say in words where a file does not have its form: unknown and missing keys, wrong types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from ledger.message import Choice, Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEY = re.compile(r"\.([^.\[]+)|\[[^\]]*\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_TYPE = re.compile(r"Expected `(.*)`, got `(.*)`")
_VALUE = re.compile(r"Invalid enum value (.*)")
_TYPES = {
    "str": Message("text"),
    "int": Message("a whole number"),
    "float": Message("a number"),
    "decimal": Message("a number"),
    "bool": Message("true or false"),
    "array": Message("a list"),
    "object": Message("a table"),
    "date": Message("a date without quotation marks, as 2016-03-31"),
    "datetime": Message("a time"),
    "null": Message("nothing"),
}
_NOT_A_NUMBER = "Invalid decimal string"
_WORDS = {
    "Invalid RFC3339 encoded date": Message("is not a valid date; write YYYY-MM-DD, as 2016-03-31"),
}
_BOTH_LANGUAGES = "{ zh = …, en = … }"


def words_of(
    error: str, path: str, model: Any, more: Iterable[str] = (), data: Any = None
) -> Message:
    """Return what is wrong, for whoever writes the file.

    Args:
        error: the sentence of msgspec's error.
        path: the place in the data, without the leading `$`.
        model: the type that the data should have had.
        more: keys that are known beside those of the model itself.
        data: the data, of which a wrong value is shown.
    """
    found = [model]
    for part in _KEY.finditer(path):
        found = list(_inner(found, part[1]))
    if match := _UNKNOWN.fullmatch(error):
        known = [key for one in found for key in _keys(one)]
        return Message(
            "there is no key {key!r}; known are {known}",
            key=match[1],
            known=Series([*known, *(more if not path else ())]),
        )
    if match := _MISSING.fullmatch(error):
        return Message("the key {key!r} is missing", key=match[1])
    if error == _NOT_A_NUMBER:
        return Message("{value!r} is not a number; write it as -0.5", value=_at(data, path))
    if match := _TYPE.fullmatch(error):
        expected = [_TYPES.get(name, name) for name in match[1].split(" | ") if name != "null"]
        if match[1] == "object" and any({"zh", "en"} == {*_keys(one)} for one in found):
            expected = [_BOTH_LANGUAGES]
        return Message(
            "must be {expected}, not {found}",
            expected=Choice(dict.fromkeys(expected)),
            found=_TYPES.get(match[2], match[2]),
        )
    if match := _VALUE.fullmatch(error):
        known = [value for one in found if get_origin(one) is Literal for value in get_args(one)]
        return Message("is {value}; it must be one of {known}", value=match[1], known=Series(known))
    return _WORDS.get(error) or Message("{error}", error=error)


def keys_of(error: str, path: str) -> tuple[str | int, ...]:
    """Return the keys that lead to what is wrong: an unknown, missing or malformed key.

    Where a list or an open table has the fault, they lead to the whole of it. The arguments are
    those of `words_of`.
    """
    keys = list[str | int]()
    for part in _KEY.finditer(path.partition("[...]")[0]):
        keys.append(part[1] if part[1] is not None else int(part[0].strip("[]")))
    if match := _UNKNOWN.fullmatch(error) or _MISSING.fullmatch(error):
        keys.append(match[1])
    while keys and isinstance(keys[-1], int):
        keys.pop()
    return tuple(keys)


def _at(data: Any, path: str) -> Any:
    """Return the value at a place of the data; None if it is not there."""
    for part in _KEY.finditer(path):
        key = part[1] if part[1] is not None else int(part[0].strip("[]") or 0)
        try:
            data = data[key]
        except (LookupError, TypeError):
            return None
    return data


def parts(annotation: Any) -> Iterator[Any]:
    """Yield the types of a union, or the type itself."""
    inner = get_args(annotation)
    if inner and get_origin(annotation) not in (list, dict, tuple, Literal):
        for one in inner:
            yield from parts(one)
    else:
        yield annotation


def _is_struct(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, Struct)


def _keys(one: Any) -> list[str]:
    return [field.encode_name for field in fields(one)] if _is_struct(one) else []


def _inner(types: Iterable[Any], name: str | None) -> Iterator[Any]:
    """Yield the types of a key, or of the items of a list or table."""
    for one in types:
        if name is None and get_args(one):
            yield from parts(get_args(one)[-1])
        elif name is not None and _is_struct(one):
            for field in fields(one):
                if field.encode_name == name:
                    yield from parts(field.type)
