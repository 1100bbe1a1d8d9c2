"""Locate changed rows by the leaf hashes that are kept beside the key, outside the ledger."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ledger.integrity.findings import CheckFinding
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.merkle import HASH_SIZE, roots_at
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.integrity.checkpoint import Head
    from ledger.stores import Store, StoredRow

LISTED = 200
"""Changed rows that are listed at most."""

MISSING = bytes(HASH_SIZE)
"""The hash used for a position without a row; no input with this SHA-256 is known."""


def trusted_leaves(path: Path, heads: Sequence[Head]) -> list[bytes]:
    """Return the kept leaf hashes, as many as a signed head proves (RFC 6962 §2.1)."""
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError:
        return []
    kept = [data[at : at + HASH_SIZE] for at in range(0, len(data) - HASH_SIZE + 1, HASH_SIZE)]
    roots = roots_at(kept, [head.size for head in heads])
    proved = [head.size for head in heads if roots.get(head.size) == head.root]
    return kept[: max(proved, default=0)]


def changed_rows(
    store: Store, found: Sequence[bytes], kept: Sequence[bytes], to: int
) -> Iterator[CheckFinding]:
    """Yield a finding for each row that is not the one that was signed, up to `LISTED`.

    Args:
        store: the ledger.
        found: the leaf hashes of the stored rows, by position.
        kept: the leaf hashes that were signed.
        to: how many positions to compare.
    """
    changed = [n + 1 for n in range(min(to, len(found), len(kept))) if found[n] != kept[n]]
    signed_at = {position: kept[position - 1] for position in changed[:LISTED]}
    for position in signed_at:
        row = None if found[position - 1] == MISSING else _row(store, position)
        if row is not None:
            yield _finding(row, signed_at)
    if len(changed) > LISTED:
        words = Message(
            "{count} more rows were changed since they were signed", count=len(changed) - LISTED
        )
        yield CheckFinding("changed", words, changed[LISTED])


def _row(store: Store, position: int) -> StoredRow | None:
    rows = store.raw(position - 1, position)
    return next((row for row in rows if row.position == position), None)


def _finding(row: StoredRow, signed_at: Mapping[int, bytes]) -> CheckFinding:
    for position, hash_ in signed_at.items():
        # A version out of range has no leaf, so it was never signed.
        with suppress(ValueError):
            if leaf_hash(row._replace(position=position)) == hash_:
                words = Message("was at position {position} when it was signed", position=position)
                return CheckFinding("moved", words, row.position, row.originator_id)
    words = Message("is not the row that was signed")
    return CheckFinding("changed", words, row.position, row.originator_id)
