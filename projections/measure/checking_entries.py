"""Check the kinds of entries that a draft declares, beyond what reading them needs.

An adopted measure is read without these checks: it stays as it was adopted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import NODEFAULT
from msgspec.json import encode
from msgspec.structs import fields

from ledger.entries import BY_KIND
from ledger.entries.own import RESERVED, OwnEntry
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries.own import OwnKind


def entries_problems(kinds: Mapping[str, OwnKind]) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with the kinds of an `entries.toml` as (place, message).

    Args:
        kinds: by name, in the order of the file.
    """
    first_of = {one.PREFIX: name for name, one in BY_KIND.items()}
    titled = {one.TITLE: name for name, one in BY_KIND.items()}
    for number, (name, kind) in enumerate(kinds.items()):
        place = f"entry[{number}]"
        first = first_of.setdefault(kind.PREFIX, name)
        if first != name:
            words = Message(
                "{prefix} is the prefix of {kind}; give this kind another one",
                prefix=kind.PREFIX,
                kind=first,
            )
            yield f"{place}.prefix", words
        first = titled.setdefault(kind.TITLE, name)
        if first != name:
            yield (
                f"{place}.title",
                Message("{title} is the title of {name}", title=kind.TITLE, name=first),
            )
        yield from _titles(kind, place)
        own = [one for one in fields(kind) if one.name not in RESERVED]
        for at, field in enumerate(own):
            if callable(getattr(OwnEntry, field.name, None)):
                words = Message("{name} is a word of the program; choose another", name=field.name)
                yield f"{place}.field[{at}].name", words
            if field.default is not NODEFAULT and not _is_valid(field.type, field.default):
                words = Message("{value} is not a value that the field takes", value=field.default)
                yield f"{place}.field[{at}].default", words


def _titles(kind: OwnKind, place: str) -> Iterator[tuple[str, Message]]:
    """Yield the titles that two fields, or two values of one, share: a table has no names."""
    titled = {field.title: name for name, field in kind.FIELDS.items() if name in RESERVED}
    own = [name for name in kind.FIELDS if name not in RESERVED]
    for at, name in enumerate(own):
        field = kind.FIELDS[name]
        first = titled.setdefault(field.title, name)
        if first != name:
            words = Message("{title} is the title of {name}", title=field.title, name=first)
            yield f"{place}.field[{at}].title", words
        if len(set(field.words.values())) < len(field.words):
            yield f"{place}.field[{at}].choices", Message("has one Chinese word for two values")


def _is_valid(annotation: Any, value: object) -> bool:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - not to read a measure

    try:
        TypeAdapter(annotation).validate_json(encode(value))
    except ValidationError:
        return False
    return True
