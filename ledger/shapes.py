"""The shapes of stored states, for msgspec to read: the types of the entries' fields, no bounds."""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Union, get_args, get_origin

import msgspec
from typing_extensions import TypedDict

from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable


def bare_type(annotation: Any) -> Any:
    """A field's own type: without `Annotated`, without `| None`, a literal as the text it is."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return bare_type(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        named = [part for part in get_args(annotation) if part is not type(None)]
        return bare_type(named[0]) if len(named) == 1 else Any
    if origin is Literal:
        return str
    return tuple[str, ...] if origin is tuple else annotation


def _shape(kind: str) -> Any:
    """A dictionary of an entry's fields; those with a default may be missing."""
    fields = {
        name: bare_type(field.annotation)
        if field.is_required()
        else NotRequired[bare_type(field.annotation)]
        for name, field in BY_KIND[kind].model_fields.items()
    }
    return TypedDict(f"{kind}_content", fields)  # type: ignore[operator]


def state_decoder(kind: str) -> Callable[[bytes], Any]:
    """Reads the state of a recording: `entry` as a dictionary, `at` and `by` as text."""
    envelope = msgspec.defstruct(
        f"{kind}_state", [("entry", _shape(kind)), ("at", str), ("by", str)], gc=False
    )
    return msgspec.json.Decoder(envelope).decode


@cache
def reversal_decoder() -> Callable[[bytes], Any]:
    """Reads the state of a mark of reversal: `at`, `by`, `by_entry` and `reason` as text."""
    fields = [(name, str) for name in ("at", "by", "by_entry", "reason")]
    return msgspec.json.Decoder(msgspec.defstruct("reversed_state", fields, gc=False)).decode


def glances_decoder(kind: str, *names: str) -> Callable[[bytes | str], list[Any]]:
    """Reads some fields of the entries in an array of states; the rest is passed over.

    Each comes with its `entry`, which has the fields as attributes; a field that may be left out
    is then None.
    """
    fields = BY_KIND[kind].model_fields
    chosen: list[Any] = [
        (name, bare_type(fields[name].annotation))
        if fields[name].is_required()
        else (name, bare_type(fields[name].annotation) | None, None)
        for name in names
    ]
    entry = msgspec.defstruct(f"{kind}_glance", chosen, gc=False)
    glance = msgspec.defstruct("Glance", [("entry", entry)], gc=False)
    return msgspec.json.Decoder(list[glance]).decode  # type: ignore[valid-type]


def contents_decoder(kind: str) -> Callable[[bytes | str], list[Any]]:
    """Reads an array of states, each with its `entry` as a dictionary."""
    state = msgspec.defstruct(f"{kind}_states", [("entry", _shape(kind))], gc=False)
    return msgspec.json.Decoder(list[state]).decode  # type: ignore[valid-type]


def content_decoder(kind: str) -> Callable[[bytes], Any]:
    """Reads the content of an entry as a dictionary."""
    return msgspec.json.Decoder(_shape(kind)).decode
