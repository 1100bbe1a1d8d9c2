"""The plain loop: run every chunk in this process, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.region.engines.engine import Done
from projections.region.folding import fold_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Here:
    """Runs chunks in this process."""

    def run(self, chunks: Sequence[list[bytes]]) -> Iterator[Done]:
        """Run all chunks in order; see `Engine.run`."""
        for number, chunk in enumerate(chunks):
            yield Done(number, fold_chunk(chunk))

    def close(self) -> None:
        """Do nothing: it holds nothing."""
