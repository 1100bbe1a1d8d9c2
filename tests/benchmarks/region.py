"""A scheduler with two workers on this machine, beside the plain loop (goals of a region)."""

from __future__ import annotations

import os
import time
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from projections.region.chunks import CHUNK
from projections.region.code_hash import code_hash
from projections.region.engines.here import Here
from projections.region.engines.scheduler import Scheduler
from projections.region.messages import (
    NoQuestion,
    ScoreQuestion,
    Task,
    decode_answer,
    encode,
)
from tests.benchmarks.books import SAMPLE_YEAR
from tests.benchmarks.ledgers import made
from tests.region.clusters import Cluster, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psutil

    from projections.region.engines.engine import Engine
    from projections.region.messages import Question

_ROUNDS = 3
_TOWNS = 48
_ENTRIES = 10_000
"""Of a town in a year."""
_MOST_RATIO = 1.15
_MOST_MS = 0.5
_MOST_MEGABYTES = 250


def region(folder: Path, entries: int = _ENTRIES, towns: int = 20_000) -> None:
    """Measure what the scheduler costs: CPU beside the loop, and of towns that are not folded."""
    question = ScoreQuestion(date(SAMPLE_YEAR, 12, 31), SAMPLE_YEAR)
    ledger = made(folder, entries)
    folds = _chunks(ledger.url, 2 * entries, question, _TOWNS)
    with _two_workers(folder) as (engine, here):
        loops, ours = [], []
        _run(engine, folds[:2])  # workers import what they fold by
        for _ in range(_ROUNDS):
            loops.append(_cpu(Here(), folds, []))
            ours.append(_cpu(engine, folds, here.processes()))
        loop, scheduler = min(loops), min(ours)
        print(
            f"{_TOWNS} towns of {entries:,} entries: {loop / _TOWNS * 1000:.0f} ms of CPU a town "
            f"by the loop, {scheduler / _TOWNS * 1000:.0f} ms by a scheduler and two workers, all "
            f"processes; ratio {scheduler / loop:.2f} (goal: {_MOST_RATIO})"
        )
        empty = _chunks(ledger.url, 0, NoQuestion(), towns)
        began = time.perf_counter()
        took = [_cpu(engine, empty, here.processes()) for _ in range(_ROUNDS)]
        seconds = (time.perf_counter() - began) / _ROUNDS
        print(
            f"{towns:,} towns that are not folded: {min(took) / towns * 1000:.2f} ms of CPU a "
            f"town, all processes (goal: {_MOST_MS}), {seconds / towns * 1000:.2f} ms of time; "
            f"peak of the asker {_peak(os.getpid())} MB, of the scheduler "
            f"{_peak(here.cluster.scheduler.pid)} MB (goal: {_MOST_MEGABYTES})"
        )


class _Running:
    def __init__(self, started: Cluster) -> None:
        self.cluster = started

    def processes(self) -> list[psutil.Process]:
        assert self.cluster.workers is not None
        return [*self.cluster.scheduler.all(), *self.cluster.workers.all()]


@contextmanager
def _two_workers(folder: Path) -> Iterator[tuple[Engine, _Running]]:
    with cluster(folder) as started:
        os.environ["TALLY_TLS"] = started.environment["TALLY_TLS"]
        started.start_workers()
        with closing(Scheduler(started.url)) as engine:
            yield engine, _Running(started)


def _chunks(url: str, position: int, question: Question, towns: int) -> list[list[bytes]]:
    tasks = [
        encode(Task(code_hash(), f"{430_000_000_000 + number}", url, position, question))
        for number in range(towns)
    ]
    return [tasks[start : start + CHUNK] for start in range(0, towns, CHUNK)]


def _run(engine: Engine, chunks: list[list[bytes]]) -> None:
    for done in engine.run(chunks):
        assert done.answers is not None, done.lost
        assert decode_answer(done.answers[0]).value is not None, done.answers[0]


def _cpu(engine: Engine, chunks: list[list[bytes]], others: list[psutil.Process]) -> float:
    """Return the seconds of CPU that this and other processes need for chunks."""

    def spent() -> float:
        return time.process_time() + sum(sum(one.cpu_times()[:2]) for one in others)

    before = spent()
    _run(engine, chunks)
    return spent() - before


def _peak(pid: int) -> int:
    """Return the most memory that a process had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) // 1024
