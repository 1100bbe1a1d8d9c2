"""The fold of many towns' ledgers, from files and from schemas of one PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from ledger.application import Ledger
from ledger.integrity.keys import load_verifiers
from ledger.integrity.transfer import transfer
from ledger.stores import Connections, heads, new_store, open_store
from ledger.stores.postgres_url import location_of
from ledger.stores.schema_names import url_in_schema
from projections.adopted import Measures
from projections.loader import Loader
from projections.query import ScoreQuery
from tests.benchmarks.books import SAMPLE_YEAR
from tests.benchmarks.ledgers import made
from tests.benchmarks.servers import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DAY = date(SAMPLE_YEAR, 11, 30)
ROUNDS = 5
MOST = 1.5
"""How many times as long as from a file a fold from a server may take, in both measures."""


class Spent(NamedTuple):
    """Seconds of CPU in this process and in the server, and of the wall."""

    here: float
    on_server: float
    waited: float

    @property
    def computed(self) -> float:
        return self.here + self.on_server


def stores(folder: Path, named: str | None) -> None:
    """Measure the folds of 40 towns of 300 entries, and of ten sample years."""
    with postgres(named) as url:
        if url is not None:
            _towns(folder, url, 300, 40)
            _towns(folder, url, 5_000, 10)


def fold(url: str, lent: Connections | None) -> None:
    """Score the year of a ledger."""
    with closing(open_store(url, lent=lent)) as store:
        Loader(Ledger(store, Measures), lambda: DAY).scores(ScoreQuery(SAMPLE_YEAR, DAY))


def _towns(folder: Path, server: str, entries: int, towns: int) -> None:
    """Copy one ledger to many files and schemas; print what their folds take, in turns."""
    first = made(folder, entries).url
    verifiers = load_verifiers(first)
    path = first.removeprefix("sqlite:///")
    files, schemas = [], [f"benchmark_{entries}_{number}" for number in range(towns)]
    for number, schema in enumerate(schemas):
        copy = folder / f"town-{entries}-{number}.db"
        shutil.copyfile(path, copy)
        files.append(f"sqlite:///{copy}")
        with closing(open_store(first)) as store, new_store(url_in_schema(server, schema)) as there:
            transfer(store, there, verifiers)
            events = store.position()
    on_server = [url_in_schema(server, schema) for schema in schemas]
    alternatives = {
        "files": lambda: _folds(files),
        "a connection for each ledger": lambda: [_folds([one]) for one in on_server],
        "one connection": lambda: _folds(on_server),
        "the heads alone": lambda: heads(server, schemas),
    }
    best = _in_turns(alternatives, _processor_of(server))
    by_files = best["files"]
    print(f"fold of {towns} towns of {events:,} events, a town (goal: ratios of {MOST}):")
    for name, one in best.items():
        computed, waited = one.computed / by_files.computed, one.waited / by_files.waited
        print(
            f"  {name}: {1000 * one.here / towns:.2f} ms of CPU and "
            f"{1000 * one.on_server / towns:.2f} of the server's, ratio {computed:.2f}; "
            f"{1000 * one.waited / towns:.2f} ms in all, ratio {waited:.2f}"
        )


def _folds(urls: Sequence[str]) -> None:
    with Connections() as lent:
        for url in urls:
            fold(url, lent)


def _in_turns(
    alternatives: dict[str, Callable[[], object]], server: Callable[[], float]
) -> dict[str, Spent]:
    """Return the least that each took of some rounds; a noisy minute hits all."""
    found = dict.fromkeys(alternatives, Spent(*[float("inf")] * 3))
    for _ in range(ROUNDS):
        for name, work in alternatives.items():
            before = time.process_time(), server(), time.perf_counter()
            work()
            after = time.process_time(), server(), time.perf_counter()
            took = [then - now for then, now in zip(after, before, strict=True)]
            found[name] = Spent(*map(min, found[name], took))
    return found


def _processor_of(url: str) -> Callable[[], float]:
    """Return what tells the seconds of CPU of a server of this machine (Linux); 0 of others."""
    with psycopg.connect(location_of(url).conninfo) as connection:
        pid = connection.info.backend_pid
        first = _status(pid)[1] if connection.info.host.startswith("/") else 0

    def seconds() -> float:
        while first:
            running = Path(f"/proc/{first}/task/{first}/children").read_text().split()
            with suppress(OSError):  # one has just ended: it is counted with the first
                ticks = sum(sum(_status(int(one))[11:13]) for one in running)
                return (ticks + sum(_status(first)[11:15])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    return seconds


def _status(pid: int) -> list[int]:
    """Return the numbers of `/proc/PID/stat` from the parent on; a letter before them is 0."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, words[1:])]
