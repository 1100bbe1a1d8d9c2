"""Compare the objects of a store with the schema of a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Objects = Mapping[tuple[str, str], object]
    """Definition of each object, by kind and name."""

KINDS = (
    *(Message("table"), Message("view"), Message("index"), Message("trigger"), Message("function")),
    Message("constraint"),
)
"""The kinds of objects, marked for translation."""


def differences(expected: Objects, found: Objects) -> Iterator[str]:
    """Yield a sentence for each object that is missing, unknown or changed."""
    for kind, name in sorted(expected.keys() | found.keys()):
        if (kind, name) not in found:
            yield Message("{kind} {name} is missing", kind=kind, name=name)
        elif (kind, name) not in expected:
            yield Message("{kind} {name} does not belong to a ledger", kind=kind, name=name)
        elif expected[kind, name] != found[kind, name]:
            yield Message("{kind} {name} was changed", kind=kind, name=name)
