"""The byte string of an event as stored: what a leaf of the ledger's Merkle tree is made of."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from ledger.integrity.errors import DamagedError
from ledger.integrity.merkle import hash_leaf
from ledger.saying import Said, said_by
from ledger.watching import watched

if TYPE_CHECKING:
    from ledger.stores import Store, StoredRow

DOMAIN = b"tally.event/1\0"
"""Opens every leaf: what it is of, and the version of this format, which is fixed for ever."""

_HEAD = struct.Struct(">QQI")
_LENGTH = struct.Struct(">I")


def leaf(row: StoredRow) -> bytes:
    """Every byte of a row that carries meaning, each part behind its length.

    Domain, position (8 bytes), version (8), then id, topic and state, each behind its length
    in bytes (4); integers big-endian, texts in UTF-8. Two different rows never give one string.

    Raises:
        ValueError: a number of it is none that a ledger writes.
    """
    name, topic, state = row.originator_id.encode(), row.topic.encode(), row.state
    try:
        head = _HEAD.pack(row.position, row.originator_version, len(name))
    except struct.error:
        raise ValueError(
            Said(
                "position {position}, version {version}: out of range",
                position=row.position,
                version=row.originator_version,
            )
        ) from None
    return b"".join(
        (DOMAIN, head, name, _LENGTH.pack(len(topic)), topic, _LENGTH.pack(len(state)), state)
    )


def leaf_hash(row: StoredRow) -> bytes:
    """The hash of a row's leaf."""
    return hash_leaf(leaf(row))


def leaf_hashes(store: Store, to: int | None = None) -> list[bytes]:
    """The hashes of all leaves in order, up to a position.

    Raises:
        DamagedError: a position is missing, or a row is none that the ledger wrote.
    """
    found: list[bytes] = []
    rows = watched(
        store.raw(to=to), Said("hashing"), lambda: to or store.recorder.max_notification_id()
    )
    for row in rows:
        if row.position != len(found) + 1:
            raise DamagedError(
                store.url,
                Said(
                    "position {position} follows {count}", position=row.position, count=len(found)
                ),
            )
        try:
            found.append(leaf_hash(row))
        except ValueError as error:
            raise DamagedError(store.url, said_by(error)) from None
    if to is not None and len(found) != to:
        raise DamagedError(
            store.url, Said("it ends at position {count}, before {to}", count=len(found), to=to)
        )
    return found
