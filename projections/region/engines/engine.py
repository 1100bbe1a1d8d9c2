"""The interface of an engine that runs chunks of towns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.errors import TallyError


class Done(NamedTuple):
    """What came of one chunk: its answers, or why there are none."""

    chunk: int
    """Its place in the list of chunks, from 0."""
    answers: list[bytes] | None
    lost: TallyError | None = None
    """Set if no answer came: the worker that ran it was killed, or none is left."""


class Engine(Protocol):
    """Runs `fold_chunk` on chunks, wherever it likes."""

    def run(self, chunks: Sequence[list[bytes]]) -> Iterator[Done]:
        """Run all chunks; yield each once, as it is done, in any order.

        Args:
            chunks: encoded tasks, by chunk.

        Raises:
            TallyError: the engine cannot be reached at all.
        """
