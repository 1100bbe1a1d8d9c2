"""The shapes of stored states, for msgspec to read: the types of the entries' fields, no bounds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, get_args

import msgspec

from ledger import vocabulary
from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable


BARE: dict[str, Any] = {
    "Cases": int,
    "Day": date,
    "EntryIds": tuple[str, ...],
    "Headcount": int,
    "Matters": tuple[str, ...],
    "Minutes": int,
    "Moment": datetime,
    "Points": Decimal,
    "ReadingValue": Any,
    "Year": int,
    "bool": bool,
}
"""A field's type without its bounds, by its name in `ledger.fields`; all others are text."""


def bare_type(annotation: str) -> Any:
    """The type of a declared field: without bounds and without `| None`."""
    return BARE.get(annotation.removesuffix(" | None"), str)


def choices_of(annotation: str) -> tuple[str, ...]:
    """The words that a declared field is one of; none where it is free."""
    return get_args(getattr(vocabulary, annotation.removesuffix(" | None"), None))


def _shape(kind: str) -> Any:
    """A dictionary of an entry's fields; those with a default may be missing."""
    fields = {
        name: bare_type(declared.annotation)
        if declared.required
        else NotRequired[bare_type(declared.annotation)]
        for name, declared in BY_KIND[kind].FIELDS.items()
    }
    return TypedDict(f"{kind}_content", fields)  # type: ignore[operator]


def state_decoder(kind: str) -> Callable[[bytes], Any]:
    """Reads the state of a recording: `entry` as a dictionary, `at` and `by` as text."""
    envelope = msgspec.defstruct(
        f"{kind}_state", [("entry", _shape(kind)), ("at", str), ("by", str)], gc=False
    )
    return msgspec.json.Decoder(envelope).decode


@cache
def at_decoder() -> Callable[[bytes], Any]:
    """Reads when any event was recorded: `at` as text."""
    return msgspec.json.Decoder(msgspec.defstruct("when", [("at", str)], gc=False)).decode


@cache
def verification_decoder() -> Callable[[bytes], Any]:
    """Reads the state of a verification: `at` and `by` as text."""
    fields = [("at", str), ("by", str)]
    return msgspec.json.Decoder(msgspec.defstruct("verified_state", fields, gc=False)).decode


@cache
def reversal_decoder() -> Callable[[bytes], Any]:
    """Reads the state of a mark of reversal: `at`, `by`, `by_entry` and `reason` as text."""
    fields = [(name, str) for name in ("at", "by", "by_entry", "reason")]
    return msgspec.json.Decoder(msgspec.defstruct("reversed_state", fields, gc=False)).decode


def glances_decoder(kind: str, *names: str) -> Callable[[bytes], list[Any]]:
    """Reads some fields of the entries in an array of states; the rest is passed over.

    Each comes with its `entry`, which has the fields as attributes; a field that may be left out
    is then None.
    """
    fields = BY_KIND[kind].FIELDS
    chosen: list[Any] = [
        (name, bare_type(fields[name].annotation))
        if fields[name].required
        else (name, bare_type(fields[name].annotation) | None, None)
        for name in names
    ]
    entry = msgspec.defstruct(f"{kind}_glance", chosen, gc=False)
    glance = msgspec.defstruct("Glance", [("entry", entry)], gc=False)
    return msgspec.json.Decoder(list[glance]).decode  # type: ignore[valid-type]


def contents_decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """Reads an array of states, each with its `entry` as a dictionary."""
    state = msgspec.defstruct(f"{kind}_states", [("entry", _shape(kind))], gc=False)
    return msgspec.json.Decoder(list[state]).decode  # type: ignore[valid-type]


def content_decoder(kind: str) -> Callable[[bytes], Any]:
    """Reads the content of an entry as a dictionary."""
    return msgspec.json.Decoder(_shape(kind)).decode
