"""Cut the tasks of many towns into chunks that take turns between servers."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHUNK = 16
"""Towns a chunk: one a task costs an engine more than a fold does."""

Item = TypeVar("Item")


def chunks(by_server: Mapping[str, Sequence[Item]]) -> list[list[Item]]:
    """Return chunks of up to `CHUNK` tasks, each of one server, a server after the other.

    Args:
        by_server: tasks, by the name of the server that holds their ledgers.
    """
    each = [
        [list(items[start : start + CHUNK]) for start in range(0, len(items), CHUNK)]
        for items in by_server.values()
    ]
    return [one for one in chain.from_iterable(zip_longest(*each)) if one is not None]
