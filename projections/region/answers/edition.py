"""Answer what an edition of the region says of a town: its scores, and the events they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from projections.region.answers.scores import scores
from projections.region.messages import TownEdition

if TYPE_CHECKING:
    from ledger.stores import Store
    from projections.region.messages import EditionQuestion


def edition(question: EditionQuestion, store: Store, position: int) -> TownEdition:
    """Return the scores of a town, with the root of the events that they rest on."""
    return TownEdition(root_at(store, position), scores(question, store, position))


def root_at(store: Store, position: int) -> str:
    """Return the Merkle root of the events up to a position, as base64.

    Raises:
        DamagedError: a position is missing or out of range.
    """
    return to_base64(root_of(leaf_hashes(store, to=position)))
