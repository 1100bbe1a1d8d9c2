"""Read TOML as objects of a model, and say in words what does not fit, all of it at once."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import tomli
from msgspec import ValidationError, convert

from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STRAIGHT = {
    **dict.fromkeys("“”„‟＂", '"'),
    **dict.fromkeys("‘’＇", "'"),
    **dict(zip("＝，［］｛｝＃．－", "=,[]{}#.-", strict=True)),
}
"""By a sign that an input method of Chinese writes, the one that TOML asks for."""
_QUOTED = r'"(?:\\.|[^"\\])*"|' + r"'[^']*'"


class UnsoundMeasureError(TallyError):
    """A file of a measure contradicts itself or another, or lacks what it must have."""

    def __init__(
        self, file: str, place: str | None, what: str, keys: tuple[str | int, ...] = ()
    ) -> None:
        """Take the place in words, and the keys that lead to the fault."""
        where = place_in(file, place)
        super().__init__(Message("measure, {where}: {what}", where=where, what=what))
        self.file, self.place, self.what, self.keys = file, place, what, keys
        self.hides = False
        """Whether a list or table was left out for it, on which other parts may depend."""


def place_in(file: str, place: str | None) -> str:
    """Return a file, with the place in it if there is one, in words."""
    return Message("{file}, {place}", file=file, place=place) if place else file


def toml(name: str, text: str) -> dict[str, Any]:
    """Return a parsed TOML file.

    Raises:
        UnsoundMeasureError: it is not TOML.
    """
    try:
        return tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError as error:
        raise UnsoundMeasureError(name, None, _not_toml(text, error)) from error


def _not_toml(text: str, error: tomli.TOMLDecodeError) -> Message:
    """Return why a text is not TOML, with the sign of another alphabet that may be the cause."""
    found = re.search(r"at line (\d+)", str(error))
    line = text.split("\n")[int(found[1]) - 1] if found else ""
    # Within quotation marks every sign may stand.
    sign = next((one for one in re.sub(_QUOTED, "", line) if one in _STRAIGHT), None)
    if sign is None:
        return Message("is not TOML: {error}", error=error)
    return Message(
        "is not TOML: {error}; the line has {sign} where {straight} must be",
        error=error,
        sign=sign,
        straight=_STRAIGHT[sign],
    )


def converted(
    model: Any,
    name: str,
    data: Any,
    at: str = "",
    more: Iterable[str] = (),
    *,
    strict: bool = True,
) -> Any:
    """Return parsed TOML as an object of a model.

    Args:
        model: the type of the object.
        name: the file, for messages.
        data: what TOML gives.
        at: the place in the file.
        more: keys that are known beside those of the model.
        strict: whether a date must be a date, and not a text.

    Raises:
        UnsoundMeasureError: it does not fit the model.
    """
    try:
        found = convert(data, model, builtin_types=(date,) if strict else None)
    except ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        path = path.rstrip("`")
        place = ".".join(filter(None, (at, path.strip("."))))
        from ledger.malformed import keys_of, words_of  # noqa: PLC0415 - only for a fault

        words = words_of(what, path, model, more, data)
        raise UnsoundMeasureError(name, place or None, words, keys_of(what, path)) from error
    for inner in found.infinite():
        from ledger.malformed import keys_of  # noqa: PLC0415

        place = ".".join(filter(None, (at, inner)))
        words = Message("must be a finite number")
        raise UnsoundMeasureError(name, place, words, keys_of("", f".{inner}"))
    return found


def without_faults(
    model: Any,
    name: str,
    data: Any,
    faults: list[UnsoundMeasureError],
    at: str = "",
    more: Iterable[str] = (),
    *,
    strict: bool,
) -> Any:
    """Return parsed TOML as an object of a model, without the keys that have a fault.

    The arguments are those of `converted`; every fault is added to `faults`.

    Returns:
        None if it cannot be an object of the model without them.
    """
    left_out = list[tuple[str | int, ...]]()
    while True:
        try:
            return converted(model, name, data, at, more, strict=strict)
        except UnsoundMeasureError as error:
            if error.keys in left_out:
                return None  # what was left out must be there
            faults.append(error)
            data = deepcopy(data)
            try:
                value = _taken(data, error.keys)
            except LookupError:  # a key that must be there is missing
                return None
            error.hides = isinstance(value, list | dict)
            left_out.append(error.keys)


def _taken(data: Any, keys: Sequence[str | int]) -> Any:
    """Take a value out of parsed TOML, and return it."""
    for key in keys[:-1]:
        data = data[key]
    value = data[keys[-1]]
    del data[keys[-1]]
    return value
