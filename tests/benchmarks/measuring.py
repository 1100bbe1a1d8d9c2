"""Measurement of whole processes: wall time, CPU time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

TALLY = [sys.executable, "-m", "cli.main"]
RUNS = 5
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an office's commands run from compiled sources
_COMPUTING = [sys.executable, "-c", "for _ in range(10_000_000): pass"]


class Measured(NamedTuple):
    """The best of some runs of a command."""

    seconds: float
    """Wall time."""
    megabytes: int
    """Peak memory of the largest process, the command or one of its children."""
    computed: float = 0.0
    """Seconds of CPU of the command and its children, all cores together."""


def run(command: Sequence[str]) -> Measured:
    """Run a command once; if it fails, end the benchmark with its last messages."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: {said.decode()[-500:]}")
    return Measured(took, usage.ru_maxrss // 1024, usage.ru_utime + usage.ru_stime)


def best(command: Sequence[str], runs: int = RUNS) -> Measured:
    """Return the best time and the largest memory of some runs."""
    return alternating({"": command}, runs)[""]


def alternating(commands: dict[str, Sequence[str]], runs: int = RUNS) -> dict[str, Measured]:
    """Return the best of each command; a noisy minute hits all, as they run in turns."""
    found = {name: Measured(float("inf"), 0) for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            known, now = found[name], run(command)
            sooner = min(known, now)
            found[name] = sooner._replace(megabytes=max(known.megabytes, now.megabytes))
    return found


def two_at_once() -> float:
    """Return how many times as long two computing processes take at once as one.

    It is 1 where each has a core of its own, and up to 2 where they share one.
    """
    alone = best(_COMPUTING, 3).seconds
    began = time.perf_counter()
    both = [subprocess.Popen(_COMPUTING) for _ in range(2)]
    assert not any(process.wait() for process in both)
    return (time.perf_counter() - began) / alone
