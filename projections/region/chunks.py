"""Cut the tasks of many towns into chunks that take turns between servers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


class EncodedChunks(Sequence[list[bytes]]):
    """Chunks whose tasks are encoded when a chunk is run: each task of a reform has the draft."""

    def __init__(self, chunks: Sequence[Sequence[str]], encoded: Callable[[str], bytes]) -> None:
        """Take the towns of each chunk by code, and what encodes the task of one."""
        self._chunks, self._encoded = chunks, encoded

    def __len__(self) -> int:
        return len(self._chunks)

    @overload
    def __getitem__(self, at: int) -> list[bytes]: ...

    @overload
    def __getitem__(self, at: slice) -> EncodedChunks: ...

    def __getitem__(self, at: int | slice) -> list[bytes] | EncodedChunks:
        if isinstance(at, slice):
            return EncodedChunks(self._chunks[at], self._encoded)
        return [self._encoded(code) for code in self._chunks[at]]
