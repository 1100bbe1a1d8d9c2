"""Look up the position of every town's ledger: by few queries a server, file by file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from ledger.errors import TallyError
from ledger.stores import heads, open_store
from ledger.stores.sqlite_heads import quiet_position
from ledger.stores.sqlite_url import named_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.region.towns import Region, Town


_AT_ONCE = 8
"""Servers that are asked at the same time."""


def positions_of(region: Region) -> dict[str, int | TallyError]:
    """Return by code the position of the last event of each town's ledger, or its error.

    All towns of a server that cannot be reached have its error.
    """
    by_server = dict[str, list["Town"]]()
    for town in region.towns:
        by_server.setdefault(town.server, []).append(town)
    files = by_server.pop("", [])
    found: dict[str, int | TallyError] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # it starts a thread for each server
        servers = [
            pool.submit(_on_server, region.servers[name], towns)
            for name, towns in by_server.items()
        ]
        found |= {town.code: _position(town) for town in files}
        for one in servers:
            found |= one.result()
    return found


def _on_server(url: str, towns: Sequence[Town]) -> dict[str, int | TallyError]:
    try:
        ends = heads(url, [town.schema for town in towns])
    except TallyError as error:
        return {town.code: error for town in towns}
    return {town.code: ends[town.schema] for town in towns}


def _position(town: Town) -> int | TallyError:
    try:
        quiet = quiet_position(named_path(town.url))
        if quiet is not None:
            return quiet
        with closing(open_store(town.url)) as store:
            return store.position()
    except TallyError as error:
        return error
