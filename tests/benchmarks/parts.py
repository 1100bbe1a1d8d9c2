"""`python -m tests.benchmarks.parts`: the cost of each part of a cold replay."""

from __future__ import annotations

import gc
import io
import sys
import time
from collections import Counter
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.output import write_json
from cli.session import session
from ledger.state import adopted
from projections.gathering import gather
from projections.judging import clause_results, compiled
from projections.presentation import scores_json
from projections.scores import completed, score_of_sums, summed
from projections.year_loader import load_year
from tests.benchmarks.books import SAMPLE_YEAR, bearing_book
from tests.benchmarks.goals import scratch
from tests.benchmarks.ledgers import imported, made
from tests.benchmarks.measuring import best as fastest

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
START = "import cli.main, cli.commands.score, cli.session, projections.loader"
ENTRIES = 100_000


def measured(url: str) -> Counter[str]:
    """Return the seconds of CPU of each part of one replay."""
    spent: Counter[str] = Counter()

    def part(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        outcome = work()
        spent[name] += time.process_time() - began
        return outcome

    compiled.cache_clear()
    with session(url) as opened, redirect_stdout(io.StringIO()):
        store, day = opened.ledger.store, date(SAMPLE_YEAR, 11, 30)
        to = opened.ledger.position()
        in_force = part("measure", lambda: opened.loader.measure(adopted(store, to), SAMPLE_YEAR))
        measure = in_force.measure
        span = measure.calendar.span(SAMPLE_YEAR)
        state = part("load the year", lambda: load_year(store, span, to))
        town, units = part("facts", lambda: gather(state, measure, SAMPLE_YEAR, day))
        readings = tuple(town.readings.items())
        part("clauses compiled", lambda: compiled(measure, readings))
        found: list[list[Any]] = [[] for _ in units]
        for slug in measure.clauses:
            of_clause = part(
                f"clause {slug}",
                lambda: [clause_results(unit, town, {slug}) for unit in units],  # noqa: B023
            )
            found = [[*known, *more] for known, more in zip(found, of_clause, strict=True)]
        sums = part(
            "adding up",
            lambda: [summed(one, u, measure) for one, u in zip(found, units, strict=True)],
        )
        scores = [score_of_sums(unit, town, one, []) for unit, one in zip(units, sums, strict=True)]
        year = part("open points, ranks", lambda: completed(state, town, scores, provisional=False))
        value = part("presentation", lambda: scores_json(year, measure=in_force.as_json()))
        part("JSON", lambda: write_json(value))
    return spent


def main() -> None:
    """Print the start-up time, and the parts of the replays of three ledgers."""
    gc.disable()
    started = fastest([sys.executable, "-c", START], 9).seconds
    print(f"start and imports: {started * 1000:.0f} ms")
    with scratch() as name:
        folder = Path(name)
        show("mostly reports in time", made(folder, ENTRIES).url)
        for units in (60, 2_000):
            book = bearing_book(ENTRIES, units)
            url = imported(folder, f"{units}", book, ENTRIES).url
            show(f"all bear points, {units:,} units", url)


def show(what: str, url: str) -> None:
    """Print the best of some runs of each part, in milliseconds and per cent."""
    best: dict[str, float] = {}
    for _ in range(RUNS):
        for name, seconds in measured(url).items():
            best[name] = min(best.get(name, seconds), seconds)
    whole = sum(best.values())
    print(f"\n{ENTRIES:,} entries, {what}: {whole * 1000:.0f} ms without start-up")
    for name, seconds in sorted(best.items(), key=lambda item: -item[1]):
        print(f"{seconds * 1000:6.1f} ms {100 * seconds / whole:5.1f} %  {name}")


if __name__ == "__main__":
    main()
