"""`python -m tests.benchmarks [GOAL…]`: each goal of speed, measured as a ratio.

Each command is measured as a whole process, and the best of several runs counts. The other
programs are ledger, hledger and beancount; those that are not installed are named and left out.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from tests.benchmarks.goals import (
    bearing,
    cold_replay,
    importing,
    one_append,
    scratch,
    start_up,
    warm,
)
from tests.benchmarks.growth import growth
from tests.benchmarks.region import region
from tests.benchmarks.stores import stores

GOALS = (
    "start-up",
    "cold",
    "bearing",
    "append",
    "import",
    "warm",
    "growth",
    "stores",
    "region",
)


def main() -> None:
    """Measure the chosen goals and print each figure, after a line on the machine."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    asked.add_argument("goals", nargs="*", metavar="GOAL", help=f"{', '.join(GOALS)}; or all")
    asked.add_argument("--entries", type=int, default=100_000, help="of a cold replay")
    asked.add_argument("--most", type=int, default=1_000_000, help="of the largest ledger")
    asked.add_argument("--postgres", metavar="URL", help="a place for ledgers on a server")
    asked.add_argument("--plot", type=Path, metavar="PNG", help="where to draw the growth")
    given = asked.parse_args()
    chosen = given.goals or GOALS
    unknown = set(chosen) - set(GOALS)
    if unknown:
        asked.error(f"no goal {', '.join(sorted(unknown))}; one of {', '.join(GOALS)}")
    python = platform.python_version()
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {python}")
    print(f"load before the run: {os.getloadavg()[0]:.1f}")
    most = given.most
    steps = {
        "start-up": start_up,
        "cold": lambda folder: cold_replay(folder, given.entries),
        "bearing": lambda folder: bearing(folder, given.entries),
        "append": one_append,
        "import": lambda folder: importing(folder, most, given.postgres),
        "warm": lambda folder: warm(folder, most // 100, most),
        "growth": lambda folder: growth(folder, (most // 100, most // 10, most), given.plot),
        "stores": lambda folder: stores(folder, given.postgres),
        "region": region,
    }
    for goal in chosen:
        with scratch() as folder:
            steps[goal](Path(folder))


if __name__ == "__main__":
    main()
