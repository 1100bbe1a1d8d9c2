"""`python -m tests.benchmarks.earlier`: a year as known at many positions, as pages ask for it."""

from __future__ import annotations

import gc
import random
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from cli.session import session
from projections.query import ScoreQuery
from tests.benchmarks.books import SAMPLE_YEAR
from tests.benchmarks.goals import scratch
from tests.benchmarks.ledgers import made

if TYPE_CHECKING:
    from projections.loader import Loader

ENTRIES, POSITIONS = 100_000, 15


def seconds(loader: Loader, position: int, since: int) -> float:
    """Return the processor time of a year's scores as known at a position.

    Args:
        loader: of the ledger.
        position: the position.
        since: 0: as pages ask; 1: the year is loaded anew.
    """
    began = time.process_time()
    query = ScoreQuery(SAMPLE_YEAR, None, position)
    loader.scores(query, postings=True, since=since)
    return time.process_time() - began


def main() -> None:
    """Print the median and the longest time of both ways; a URL names a ledger that is there."""
    gc.disable()
    with scratch() as name:
        url = sys.argv[1] if sys.argv[1:] else made(Path(name), ENTRIES).url
        with session(url) as opened:
            head, draw = opened.ledger.position(), random.Random(1)
            print(f"newest: {seconds(opened.loader, head, 0):.2f} s, {head:,} events")
            for what, since in (("from the newest", 0), ("loaded anew", 1)):
                positions = [draw.randint(1, head) for _ in range(POSITIONS)]
                took = [seconds(opened.loader, one, since) for one in positions]
                print(f"{what}: median {median(took):.2f} s, longest {max(took):.2f} s")


if __name__ == "__main__":
    main()
