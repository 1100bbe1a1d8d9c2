"""The goals of speed: a function for each measures it and prints the ratio."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

from tests.benchmarks.books import bearing_book
from tests.benchmarks.ledgers import Made, imported, made
from tests.benchmarks.measuring import TALLY, Measured, alternating, best, run, two_at_once
from tests.benchmarks.peers import GOALS, MOST_OF_LEDGER, peers
from tests.benchmarks.servers import postgres

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NUMBER = count(1)
_ROUNDS = 3


def cold_replay(folder: Path, entries: int) -> None:
    """Measure goal 1: score every unit from the events, without the read model."""
    command = made(folder, entries).score("--no-cache")
    ours, told = _beside(f"cold replay of {entries:,} entries", command, peers(folder, entries))
    for name, theirs in told.items():
        _peer(name, entries, theirs, f"{theirs.seconds / ours.seconds:.2f} (goal: {GOALS[name]})")


def bearing(folder: Path, entries: int) -> None:
    """Measure goal 7: the same as JSON where every entry bears points."""
    ledger = {"ledger": peers(folder, entries)["ledger"]}
    for units in (60, 2_000):
        what = f"{entries:,} entries that bear points, of {units:,} units"
        book = bearing_book(entries, units)
        command = imported(folder, f"{units}", book, entries).score("--no-cache", form="json")
        ours, told = _beside(what, command, ledger)
        for name, theirs in told.items():
            ratio = f"{ours.seconds / theirs.seconds:.2f} (goal: at most {MOST_OF_LEDGER})"
            _peer(name, entries, theirs, ratio)


def _beside(
    what: str, command: Sequence[str], others: dict[str, list[str] | None]
) -> tuple[Measured, dict[str, Measured]]:
    """Measure a command and other programs in turns; print and return the results.

    Programs that are not installed are printed as such and left out of what is returned.
    """
    before = two_at_once()
    installed = {name: line for name, line in others.items() if line is not None}
    told = alternating({"tally": command, **installed})
    ours = told.pop("tally")
    print(
        f"{what}: {ours.seconds:.2f} s, of which {ours.computed:.2f} s are computed by all "
        f"processes, {ours.megabytes} MB each at most"
    )
    print(
        f"  two processes at once took {before:.2f} times as long as one before this, "
        f"{two_at_once():.2f} times after it (a core for each: 1)"
    )
    for name, line in others.items():
        if line is None:
            print(f"  {name} is not installed")
    return ours, told


def _peer(name: str, transactions: int, theirs: Measured, ratio: str) -> None:
    print(
        f"  {name} on {transactions:,} transactions: {theirs.seconds:.2f} s, "
        f"{theirs.megabytes} MB; ratio {ratio}"
    )


def warm(folder: Path, small: int, large: int) -> None:
    """Measure goal 2, by the read model, on a small and a large ledger of ten years.

    `score` with nothing changed and after one more entry, `explain` of one unit, and `record`.
    """
    ledgers = {size: made(folder, size, 10) for size in (small, large)}
    for size, ledger in ledgers.items():
        rebuilt = run([*TALLY, "rebuild", "--ledger", ledger.url])
        print(f"rebuild of {size:,} entries: {rebuilt.seconds:.1f} s, {rebuilt.megabytes} MB")
        run(ledger.score())
    _ratio("score, nothing changed", {size: best(one.score()) for size, one in ledgers.items()}, 2)
    _ratio("score, one entry more", {n: _after_one(one) for n, one in ledgers.items()}, 2)
    told = {size: best(one.explain()) for size, one in ledgers.items()}
    _ratio("explain of one unit's year", told, 1)
    recorded = {size: _best_record(one) for size, one in ledgers.items()}
    for size, took in recorded.items():
        print(f"record on {size:,} entries: {took.seconds:.3f} s (goal 4: 0.5)")


def _ratio(what: str, told: dict[int, Measured], goal: int) -> None:
    (small, one), (large, other) = told.items()
    print(
        f"{what}: {one.seconds:.3f} s on {small:,}, {other.seconds:.3f} s, {other.megabytes} MB "
        f"on {large:,}; ratio {other.seconds / one.seconds:.2f} (goal: {goal})"
    )


def _after_one(ledger: Made) -> Measured:
    """Return the best of some runs of `score`, each after one more verified entry."""
    found = []
    for _ in range(_ROUNDS):
        number = next(_NUMBER)
        run(ledger.card(number))
        run(ledger.verified(number))
        found.append(run(ledger.score()))
    return min(found)


def _best_record(ledger: Made) -> Measured:
    return min(run(ledger.card(next(_NUMBER))) for _ in range(_ROUNDS))


def importing(folder: Path, entries: int, named: str | None) -> None:
    """Measure goal 3: import JSON lines into SQLite and into PostgreSQL."""
    _imported("SQLite", made(folder, entries, 10), 25_000)
    with postgres(named) as url:
        if url is not None:
            _imported("PostgreSQL", made(folder, entries, 10, url), 10_000)


def _imported(name: str, ledger: Made, goal: int) -> None:
    took = ledger.importing
    print(
        f"import of {ledger.entries:,} entries into {name}: {took.seconds:.1f} s, "
        f"{ledger.entries / took.seconds:,.0f} entries/s (goal: {goal:,}), {took.megabytes} MB"
    )


def one_append(folder: Path, appends: int = 300) -> None:
    """Measure goal 4, second half: an append beside a bare commit of the same bytes."""
    from ledger.application import Ledger  # noqa: PLC0415 - measured in this process
    from ledger.integrity.head import KeptHead  # noqa: PLC0415
    from ledger.integrity.keys import make_key  # noqa: PLC0415
    from ledger.stores import create_store  # noqa: PLC0415
    from ledger.submissions import Submission, parse  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    url = f"sqlite:///{folder}/appends.db"
    store = create_store(url)
    make_key(url)
    ledger = Ledger(store, Measures, head=lambda: KeptHead.of(url))

    def submission(line: str) -> Submission:
        outcome = parse(line.encode())
        assert isinstance(outcome, Submission)
        return outcome

    unit = '{"kind": "unit", "id": "V001", "name": "样例村", "type": "village"}'
    ledger.record([submission(unit)], "clerk")
    cards = [
        submission(
            f'{{"kind": "yellow_card", "id": "HP-{n}", "unit": "V001", "issued_on": "2016-06-20"}}'
        )
        for n in range(appends)
    ]
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as bare:
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute(
            "CREATE TABLE events (position INTEGER PRIMARY KEY, id TEXT, version INTEGER, "
            "topic TEXT, state BLOB, UNIQUE (id, version))"
        )
        ours, theirs = [], []
        for card in cards:
            began = time.perf_counter()
            ledger.record([card], "clerk")
            ours.append(time.perf_counter() - began)
            (row,) = store.rows(ledger.position() - 1)
            began = time.perf_counter()
            bare.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
            theirs.append(time.perf_counter() - began)
    store.close()
    mine, bared = sorted(ours)[appends // 2], sorted(theirs)[appends // 2]
    print(
        f"one append: {mine * 1000:.2f} ms, a bare commit of the same bytes {bared * 1000:.2f} ms "
        f"(medians of {appends}); ratio {mine / bared:.2f} (goal: 2)"
    )


def start_up(folder: Path) -> None:
    """Measure goal 6: the start of a command, and `score` on the sample year."""
    run([*TALLY, "demo", str(folder / "demo")])
    told = alternating(
        {
            "click": [sys.executable, "-c", "import click"],
            "help": [*TALLY, "--help"],
            "score": [*TALLY, "score", "--ledger", f"sqlite:///{folder}/demo/tally.db"],
        },
        runs=9,
    )
    click, helped, scored = (told[name].seconds for name in ("click", "help", "score"))
    print(
        f"tally --help: {helped:.3f} s; import click: {click:.3f} s; "
        f"ratio {helped / click:.2f} (goal: 2)"
    )
    print(f"tally score on the sample year: {scored:.3f} s (goal: 0.6)")


def scratch() -> tempfile.TemporaryDirectory[str]:
    """Return a temporary folder for the ledgers of one goal, which may be large."""
    return tempfile.TemporaryDirectory(prefix="tally-benchmark-")
