"""The fold of many towns' ledgers, from files and from schemas of one PostgreSQL server."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.application import Ledger
from ledger.integrity.keys import load_verifiers
from ledger.integrity.transfer import transfer
from ledger.stores import Connections, heads, new_store, open_store
from ledger.stores.postgres_url import url_in_schema
from projections.adopted import Measures
from projections.loader import Loader
from projections.query import ScoreQuery
from tests.benchmarks.books import SAMPLE_YEAR
from tests.benchmarks.ledgers import made
from tests.benchmarks.servers import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

DAY = date(SAMPLE_YEAR, 11, 30)
ROUNDS = 5
MOST = 1.5
"""How many times as long as from a file a fold from a server may take, in both measures."""


class Spent(NamedTuple):
    """Seconds of the processor in this process, and of the wall: the server's work is in these."""

    computed: float
    waited: float


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
    best = _in_turns(alternatives)
    by_files = best["files"]
    print(f"fold of {towns} towns of {events:,} events, a town:")
    for name, one in best.items():
        ratios = [f"{mine / base:.2f}" for mine, base in zip(one, by_files, strict=True)]
        print(
            f"  {name}: {1000 * one.computed / towns:.2f} ms of CPU (ratio {ratios[0]}), "
            f"{1000 * one.waited / towns:.2f} ms in all (ratio {ratios[1]}; goal: {MOST})"
        )


def _folds(urls: Sequence[str]) -> None:
    with Connections() as lent:
        for url in urls:
            fold(url, lent)


def _in_turns(alternatives: dict[str, Callable[[], object]]) -> dict[str, Spent]:
    """Return the least that each took of some rounds; a noisy minute hits all."""
    found = dict.fromkeys(alternatives, Spent(float("inf"), float("inf")))
    for _ in range(ROUNDS):
        for name, work in alternatives.items():
            computed, began = time.process_time(), time.perf_counter()
            work()
            took = Spent(time.process_time() - computed, time.perf_counter() - began)
            found[name] = Spent(*map(min, found[name], took))
    return found
