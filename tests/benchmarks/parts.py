"""`python -m tests.benchmarks.parts`: what of a cold replay costs what, in one process."""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projections.slices.frame import YearFrame
from projections.slices.year import YearReading

from cli.session import session
from projections.clauses import JUDGES
from projections.gathering import gather
from projections.scores import standing, summed
from tests.benchmarks.books import SAMPLE_YEAR
from tests.benchmarks.goals import scratch
from tests.benchmarks.ledgers import made
from tests.benchmarks.measuring import best as fastest

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
START = "import cli.main, cli.commands.score, cli.session, projections.sheets"
ENTRIES = 100_000


def measured(url: str) -> Counter[str]:
    """Seconds of CPU of each part of one replay."""
    spent: Counter[str] = Counter()

    def part(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        outcome = work()
        spent[name] += time.process_time() - began
        return outcome

    with session(url) as opened:
        store, rulebook, day = opened.ledger.store, opened.rulebook, date(SAMPLE_YEAR, 11, 30)
        to = opened.ledger.position()
        part("frame: units, batches, corrections", lambda: YearFrame(store, SAMPLE_YEAR, to))
        reading = YearReading(store, SAMPLE_YEAR, to)
        part("monthly reports, in arrays", reading.read_calendar_in_arrays)
        part("what happened, inspection in arrays", reading.read_happenings_and_inspection)
        state = part("what was done to them", reading.close)
        town, units = part("facts", lambda: gather(state, rulebook, SAMPLE_YEAR, day))
        for clause in rulebook.clauses.values():
            judge = JUDGES[clause.judge]
            for unit in units:
                found = part(
                    f"clause {clause.judge}",
                    lambda unit=unit: list(judge(unit, town, rulebook, clause.slug)),  # noqa: B023
                )
                part("adding up", lambda found=found: summed(found, rulebook))
        part("open points, ranks", lambda: standing(state, town, [], provisional=False))
    return spent


def main() -> None:
    """Prints the best of some runs, in milliseconds and hundredths of the whole."""
    gc.disable()
    with scratch() as folder:
        ledger = made(Path(folder), ENTRIES)
        best: dict[str, float] = {}
        for _ in range(RUNS):
            for name, seconds in measured(ledger.url).items():
                best[name] = min(best.get(name, seconds), seconds)
    started = fastest([sys.executable, "-c", START], 9).seconds
    print(f"start and imports: {started * 1000:.0f} ms")
    whole = sum(best.values())
    print(f"{ENTRIES:,} entries: {whole * 1000:.0f} ms without start-up and output")
    for name, seconds in sorted(best.items(), key=lambda item: -item[1]):
        print(f"{seconds * 1000:6.1f} ms {100 * seconds / whole:5.1f} %  {name}")


if __name__ == "__main__":
    main()
