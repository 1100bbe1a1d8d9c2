"""Random ledgers of the oracle's generator, recorded and verified in a file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.application import Ledger
from ledger.stores import create_store
from projections.adopted import Measures
from tests.oracle import bare, unverified_ids
from tests.oracle.generate import ledger as entries_of
from tests.support import adopt, submissions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


YEARS = (2015, 2016, 2017)
"""The years that the ledgers have a measure for."""

ADOPTED = 2 * len(YEARS)
"""The position at which the last of these measures is verified."""


def url_of(folder: Path, seed: int) -> str:
    """Return the URL of the ledger of a seed."""
    return f"sqlite:///{folder}/{seed}.db"


def grown(folder: Path, seed: int, entries: int = 150, steps: int = 3) -> Iterator[Ledger]:
    """Yield a ledger of the generator in a file after each of some steps.

    A step records some entries, verifies them but for those that the generator leaves unverified
    and raises an objection to one; of what is left some is sent back, and some, also of that, is
    verified a step later.
    """
    made = entries_of(seed, n_entries=entries, rulings=20 if seed % 2 else 3)
    store = create_store(url_of(folder, seed))
    ledger = Ledger(store, Measures)
    adopt(ledger, *YEARS)
    left = unverified_ids(made)
    plain = bare(made)
    unit = next(entry["id"] for entry in plain if entry["kind"] == "unit")
    unverified: list[str] = []
    try:
        for step in range(steps):
            some = plain[step * len(plain) // steps : (step + 1) * len(plain) // steps]
            ledger.record(submissions(some), "clerk")
            ids = [entry["id"] for entry in some if entry["id"] not in left]
            ledger.verify([*ids, *unverified], "head")
            waiting = [entry["id"] for entry in some if entry["id"] in left]
            unverified, state = waiting[::2], ledger.state()
            returned = [one for one in waiting[::3] if state.entries[one].reversed is None]
            ledger.send_back(returned, "材料不全", "head")
            for entry in some[:1]:
                if entry["kind"] not in {"unit", "reversal"}:
                    ledger.object(entry["id"], unit, "有异议", "clerk")
            yield ledger
    finally:
        store.close()


@contextmanager
def stored(folder: Path, seed: int, entries: int = 150) -> Iterator[Ledger]:
    """Open a ledger of the generator after its last step."""
    states = grown(folder, seed, entries)
    for _ in range(3):
        ledger = next(states)
    try:
        yield ledger
    finally:
        states.close()
