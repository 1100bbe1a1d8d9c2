"""Where a ledger departs from what it was: row by row, by the leaves' hashes kept outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.integrity.findings import Finding
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.merkle import HASH_SIZE, roots_at
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.integrity.checkpoint import Head
    from ledger.stores import Store, StoredRow

CLOSELY = 200
"""Departing rows whose former place is looked for."""

MISSING = bytes(HASH_SIZE)
"""Stands where a position has no row; no SHA-256 is known to be this."""


def trusted_leaves(path: Path, heads: Sequence[Head]) -> list[bytes]:
    """The kept hashes, as far as a signed head proves them (RFC 6962 §2.1); else none."""
    try:
        data = path.read_bytes()
    except OSError:
        return []
    kept = [data[at : at + HASH_SIZE] for at in range(0, len(data) - HASH_SIZE + 1, HASH_SIZE)]
    roots = roots_at(kept, [head.size for head in heads])
    proved = [head.size for head in heads if roots.get(head.size) == head.root]
    return kept[: max(proved, default=0)]


def departures(
    store: Store, found: Sequence[bytes], kept: Sequence[bytes], to: int
) -> Iterator[Finding]:
    """Each of the first positions whose row is not the one that was signed.

    Args:
        store: the ledger.
        found: the hashes of today's leaves, by position.
        kept: those that were signed.
        to: how many to compare.
    """
    departing = [n + 1 for n in range(min(to, len(found), len(kept))) if found[n] != kept[n]]
    former = {position: kept[position - 1] for position in departing[:CLOSELY]}
    for position in former:
        row = None if found[position - 1] == MISSING else _row(store, position)
        if row is not None:
            yield _departure(row, former)
    if len(departing) > CLOSELY:
        words = Said(
            "{count} more rows were changed since they were signed", count=len(departing) - CLOSELY
        )
        yield Finding("changed", words, departing[CLOSELY])


def _row(store: Store, position: int) -> StoredRow | None:
    rows = store.raw(position - 1, position)
    return next((row for row in rows if row.position == position), None)


def _departure(row: StoredRow, former: Mapping[int, bytes]) -> Finding:
    for position, signed in former.items():
        if leaf_hash(row._replace(position=position)) == signed:
            words = Said("stood at position {position} when it was signed", position=position)
            return Finding("moved", words, row.position, row.originator_id)
    words = Said("is not what was signed: a byte of it was changed, or the whole row")
    return Finding("changed", words, row.position, row.originator_id)
