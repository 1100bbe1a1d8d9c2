"""Random ledgers as they are stored: what the oracle's generator makes, recorded and verified."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.application import Ledger
from ledger.stores import create_store
from projections.rulebook import load_rulebook
from tests.oracle import bare, unverified_ids
from tests.oracle.generate import ledger as entries_of
from tests.support import submissions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def stored(folder: Path, seed: int, entries: int = 150) -> Iterator[Ledger]:
    """A ledger of the generator in a file; verified but for what the generator leaves unverified.

    Recorded in three appends, objected to twice and published once, so that there are positions
    of every sort to look back from.
    """
    made = entries_of(seed, n_entries=entries, rulings=20 if seed % 2 else 3)
    store = create_store(f"sqlite:///{folder}/{seed}.db")
    ledger = Ledger(store, load_rulebook())
    left = set(unverified_ids(made))
    plain = bare(made)
    for part in range(3):
        some = plain[part * len(plain) // 3 : (part + 1) * len(plain) // 3]
        ledger.record(submissions(some), "clerk")
        ledger.verify([entry["id"] for entry in some if entry["id"] not in left], "head")
        subject = next(entry for entry in some if entry["kind"] not in {"unit", "reversal"})
        unit = next(entry["id"] for entry in plain if entry["kind"] == "unit")
        ledger.object(subject["id"], unit, "有异议", "clerk")
    try:
        yield ledger
    finally:
        store.close()
