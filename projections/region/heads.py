"""Look up the position of every town's ledger: by few queries a server, file by file."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ledger.errors import TallyError
from ledger.stores import heads, open_store
from ledger.stores.sqlite_heads import quiet_position
from ledger.stores.sqlite_url import named_path

if TYPE_CHECKING:
    from projections.region.towns import Region, Town


def positions_of(region: Region) -> dict[str, int | TallyError]:
    """Return by code the position of the last event of each town's ledger, or its error.

    All towns of a server that cannot be reached have its error.
    """
    found: dict[str, int | TallyError] = {}
    by_server = dict[str, list["Town"]]()
    for town in region.towns:
        if town.server:
            by_server.setdefault(town.server, []).append(town)
        else:
            found[town.code] = _position(town)
    for server, towns in by_server.items():
        try:
            ends = heads(region.servers[server], [town.schema for town in towns])
        except TallyError as error:
            found |= {town.code: error for town in towns}
        else:
            found |= {town.code: ends[town.schema] for town in towns}
    return found


def _position(town: Town) -> int | TallyError:
    try:
        quiet = quiet_position(named_path(town.url))
        if quiet is not None:
            return quiet
        with closing(open_store(town.url)) as store:
            return store.position()
    except TallyError as error:
        return error
