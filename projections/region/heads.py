"""Look up the position of every town's ledger, a server after the other."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ledger.errors import TallyError
from ledger.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.region.towns import Region, Town


def positions_of(region: Region, towns: Iterable[Town]) -> dict[str, int | TallyError]:
    """Return by code the position of the last event of each town's ledger, or its error."""
    del region
    return {town.code: _position(town) for town in towns}


def _position(town: Town) -> int | TallyError:
    try:
        with closing(open_store(town.url)) as store:
            return store.position()
    except TallyError as error:
        return error
