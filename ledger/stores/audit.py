"""Compare the objects of a store with the schema of a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Objects = Mapping[tuple[str, str], object]
    """Definition of each object, by kind and name: one text, or values by SQL's words for them."""

KINDS = (
    *(Message("table"), Message("view"), Message("index"), Message("trigger"), Message("function")),
    *(Message("constraint"), Message("column"), Message("policy"), Message("schema")),
)
"""The kinds of objects, marked for translation."""

_LONGEST = 60
"""Characters up to which a changed value is quoted."""


class Difference(NamedTuple):
    """What differs between the objects of a store and those of a ledger."""

    kind: str
    name: str
    missing: bool
    """Whether the object is missing."""
    unknown: bool
    """Whether it does not belong to a ledger."""
    changed: tuple[str, ...] = ()
    """What of its definition was changed, as `WHEN false`; empty if that is one text."""

    def sentence(self) -> Message:
        """Return the sentence for a person."""
        kind, name = Message(self.kind), self.name
        if self.missing:
            return Message("{kind} {name} is missing", kind=kind, name=name)
        if self.unknown:
            return Message("{kind} {name} does not belong to a ledger", kind=kind, name=name)
        if not self.changed:
            return Message("{kind} {name} was changed", kind=kind, name=name)
        what = Series(self.changed)
        return Message("{kind} {name} was changed: {what}", kind=kind, name=name, what=what)


def differences(expected: Objects, found: Objects) -> Iterator[Difference]:
    """Yield what is missing, unknown or changed, by kind and name."""
    for kind, name in sorted(expected.keys() | found.keys()):
        ours, theirs = expected.get((kind, name)), found.get((kind, name))
        if ours != theirs:
            changed = tuple(_changed(ours, theirs))
            yield Difference(kind, name, theirs is None, ours is None, changed)


def _changed(ours: object, theirs: object) -> Iterator[str]:
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return
    for word, value in theirs.items():
        if value != ours[word]:
            said = " ".join(f"{word} {value}".split())
            yield said if len(said) <= _LONGEST else word
