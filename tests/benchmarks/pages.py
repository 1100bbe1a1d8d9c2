"""`python -m tests.benchmarks.pages [URL]`: the processor time of pages of a large ledger."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from cli.pages.app import Pages
from cli.session import session
from projections.query import ScoreQuery
from tests.benchmarks.goals import scratch
from tests.benchmarks.ledgers import made

ENTRIES, MOST = 100_000, 60
OF_ENTRIES = ("petition_batch", "notice", "special_period", "ruling")


def measure(pages: Pages, path: str, **parameters: str) -> str:
    """Return the time on the thread of pages: first, and once all on the page is computed."""
    found, start = list[float](), time.monotonic()
    while True:
        began = time.thread_time()
        body = pages.answer(path, parameters).body
        found.append(time.thread_time() - began)
        if len(found) > 1 and b"This is being computed" not in bytes(body):
            break
        if len(found) > MOST:
            return f"{path} {parameters}: {found[0]:.2f} s, not computed after {MOST} requests"
    asked = f"{len(found)} requests in {time.monotonic() - start:.1f} s"
    return f"{path} {parameters}: {found[0]:.2f} s, then {found[-1]:.2f} s ({asked})"


def main() -> None:
    """Print a line for each page; a URL names a ledger that is there and has a checkpoint."""
    with scratch() as name:
        url = sys.argv[1] if sys.argv[1:] else made(Path(name), ENTRIES).url
        with session(url) as opened:
            pages = Pages(opened, "en")
            print(measure(pages, "/ranking"))
            data = pages.books.year_data(ScoreQuery(None))
            by_kind = {one.entry.KIND: name for name, one in data.state.entries.items()}
            print(measure(pages, "/unit", id=data.scores.units[0].unit))
            for kind in OF_ENTRIES:
                print(kind, measure(pages, "/entry", id=by_kind[kind]))
            if opened.ledger.store.checkpoints.kept():
                print(measure(pages, "/proof", id=by_kind["petition_batch"]))
            print(measure(pages, "/corrections"))
            print(measure(pages, "/corrections", more="1"))
            print(measure(pages, "/audit", compute="1"))
            print(measure(pages, "/costs"))


if __name__ == "__main__":
    main()
