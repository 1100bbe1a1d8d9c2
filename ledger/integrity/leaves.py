"""Encode stored events as the leaves of the ledger's Merkle tree."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from ledger.integrity.errors import DamagedError
from ledger.integrity.merkle import hash_leaf
from ledger.message import Message, message_of
from ledger.progress import with_progress

if TYPE_CHECKING:
    from ledger.stores import Row, Store

DOMAIN = b"tally.event/1\0"
"""Domain separator that starts every leaf; version 1 of this format never changes."""

_HEAD = struct.Struct(">QQI")
_LENGTH = struct.Struct(">I")


class LastEvent(NamedTuple):
    """The position of an event and the hash of its leaf."""

    position: int
    leaf: bytes


NO_EVENT = LastEvent(0, b"")
"""In place of the last event of a ledger without events."""


def leaf(row: Row) -> bytes:
    """Return the leaf of a row: an injective encoding of all its columns.

    `DOMAIN`, position (8 bytes), version (8), then id, topic and state, each preceded by its
    length in bytes (4); integers are big-endian, texts UTF-8. A negative version, which this
    program never wrote, is its two's complement.

    Raises:
        ValueError: the position or version is out of range.
    """
    position, name, version, topic, state = row
    unsigned = version + 2**64 if -(2**63) <= version < 0 else version
    encoded, of = name.encode(), topic.encode()
    try:
        head = _HEAD.pack(position, unsigned, len(encoded))
    except struct.error:
        raise ValueError(
            Message(
                "position {position} or version {version} is out of range",
                position=position,
                version=version,
            )
        ) from None
    return b"".join(
        (DOMAIN, head, encoded, _LENGTH.pack(len(of)), of, _LENGTH.pack(len(state)), state)
    )


def leaf_hash(row: Row) -> bytes:
    """Return the hash of a row's leaf (RFC 6962 §2.1)."""
    return hash_leaf(leaf(row))


def leaf_hashes(store: Store, to: int | None = None) -> list[bytes]:
    """Return the hashes of all leaves in order, up to position `to`.

    Raises:
        DamagedError: a position is missing or out of range.
    """
    found: list[bytes] = []
    rows = with_progress(store.raw(to=to), Message("hashing"), lambda: to or store.position())
    for row in rows:
        if row.position != len(found) + 1:
            raise DamagedError(
                store.url,
                Message(
                    "position {position} follows position {last}",
                    position=row.position,
                    last=len(found),
                ),
            )
        try:
            found.append(leaf_hash(row))
        except ValueError as error:
            raise DamagedError(store.url, message_of(error)) from None
    if to is not None and len(found) != to:
        raise DamagedError(
            store.url, Message("it ends at position {count}, before {to}", count=len(found), to=to)
        )
    return found
