"""`python -m tests.benchmarks [ENTRIES]`: each goal of speed as a ratio, in one run with its peers.

Peers (Debian's ledger and hledger, PyPI's beancount) are run where they are installed and said
to be missing where not. Every command is a whole process; the best of three runs counts.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.books import book

if TYPE_CHECKING:
    from collections.abc import Sequence

TALLY = [sys.executable, "-m", "cli.main"]
RUNS = 3


def seconds(command: Sequence[str], runs: int = RUNS) -> float:
    """The best wall-clock time of a command, in seconds."""
    best = float("inf")
    for _ in range(runs):
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {done.stderr[-500:]}")
        best = min(best, time.perf_counter() - began)
    return best


def peers(folder: Path, transactions: int) -> dict[str, list[str] | None]:
    """What each peer is called with, None where it is not installed."""
    plain, bean = folder / "peer.ledger", folder / "peer.beancount"
    draw = random.Random(1)
    accounts = [f"Expenses:U{n}" for n in range(920)]
    with plain.open("w") as one, bean.open("w") as other:
        for name in ["Assets:Cash", *accounts]:
            other.write(f"2015-01-01 open {name} EUR\n")
        for number in range(transactions):
            day = f"2016-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            amount = f"{draw.randint(1, 99_999) / 100:.2f} EUR"
            to = accounts[number % len(accounts)]
            one.write(f"{day} * Payee\n    {to}    {amount}\n    Assets:Cash\n\n")
            other.write(f'{day} * "Payee" ""\n  {to}  {amount}\n  Assets:Cash\n\n')
    commands = {
        "ledger": ["ledger", "-f", str(plain), "balance"],
        "hledger": ["hledger", "-f", str(plain), "balance"],
        "beancount": ["bean-check", "--no-cache", str(bean)],
    }
    return {name: line if shutil.which(line[0]) else None for name, line in commands.items()}


def ledger_of(folder: Path, entries: int) -> tuple[str, float]:
    """A ledger of so many entries, recorded and verified, and the seconds of its import."""
    lines, url = folder / f"{entries}.jsonl", f"sqlite:///{folder}/{entries}.db"
    with lines.open("wb") as file:
        file.writelines(line + b"\n" for line in book(entries))
    seconds([*TALLY, "init", "--ledger", url], runs=1)
    names = ["--by", "clerk", "--verify-by", "head"]
    return url, seconds([*TALLY, "import", str(lines), *names, "--ledger", url], runs=1)


def cold_replay(folder: Path, entries: int) -> None:
    """Goal 1: every unit's quarters, totals and flags from the events alone."""
    url, importing = ledger_of(folder, entries)
    scoring = [*TALLY, "score", "--format", "csv", "--ledger", url]
    ours = seconds(scoring)
    print(f"cold replay of {entries:,} entries: {ours:.2f} s, {peak(scoring)} MB")
    for name, command in peers(folder, entries).items():
        if command is None:
            print(f"  {name} is not installed")
            continue
        theirs = seconds(command)
        print(f"  {name} on {entries:,} transactions: {theirs:.2f} s; ratio {theirs / ours:.2f}")
    print(f"import: {importing:.1f} s, {entries / importing:,.0f} entries/s (whole process)")


def peak(command: Sequence[str]) -> int:
    """The memory that a command takes at its most, in MB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss // 1024


def growth(folder: Path, sizes: Sequence[int]) -> None:
    """Goal 5: time and memory by size."""
    for size in sizes:
        url, importing = ledger_of(folder, size)
        command = [*TALLY, "score", "--format", "csv", "--ledger", url]
        took = seconds(command, runs=2)
        print(f"{size:>9,} entries: {took:6.2f} s, {peak(command):>5} MB, import {importing:.1f} s")


def start_up() -> None:
    """Goal 6: what a command costs before it does anything."""
    click = seconds([sys.executable, "-c", "import click"], runs=7)
    helped = seconds([*TALLY, "--help"], runs=7)
    print(f"tally --help: {helped:.3f} s; import click: {click:.3f} s; ratio {helped / click:.2f}")


def main() -> None:
    """Prints every figure with the machine that it was measured on."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    python = platform.python_version()
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {python}")
    print(f"load before the run: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        start_up()
        cold_replay(Path(folder), entries)
    with tempfile.TemporaryDirectory() as folder:
        growth(Path(folder), (entries // 100, entries // 10))


if __name__ == "__main__":
    main()
