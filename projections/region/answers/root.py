"""Answer what the Merkle root of a town's ledger is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from projections.region.messages import TownRoot

if TYPE_CHECKING:
    from ledger.stores import Store


def root(store: Store, position: int) -> TownRoot:
    """Return the root of the events up to a position.

    Raises:
        DamagedError: a position is missing or out of range.
    """
    return TownRoot(to_base64(root_of(leaf_hashes(store, to=position))))
