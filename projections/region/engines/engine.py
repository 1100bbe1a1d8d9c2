"""The interface of an engine that runs chunks of towns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from ledger.errors import TallyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class NoWorkersError(TallyError):
    """No worker is left to run a chunk: another attempt would fail as well."""


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

        Whoever asks runs the towns of a lost chunk again, each alone: an engine reports a chunk as
        lost after one attempt, or with a `NoWorkersError` if there should be no other.

        Args:
            chunks: encoded tasks, by chunk.

        Raises:
            TallyError: the engine cannot be reached at all.
        """

    def close(self) -> None:
        """Let go of what the engine holds."""
