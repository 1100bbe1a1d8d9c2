"""`python -m tests.benchmarks.signing`: an import with and without accounts, in turns."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from statistics import median

from cli.commands.init import make_ledger
from ledger.account_changes import Opening, open_account
from ledger.account_proofs import AccountKey
from ledger.application import Ledger
from ledger.stores import open_store
from ledger.submissions import read_file
from projections.adopted import Measures
from tests.benchmarks.books import bearing_book
from tests.benchmarks.goals import scratch

ENTRIES, UNITS, RUNS = 100_000, 60, 6


def seconds(path: Path, url: str, *, signed: bool) -> float:
    """Return the processor time of an import into a new ledger."""
    make_ledger(url)
    keys = {name: AccountKey.make() for name in ("head", "clerk")}
    store = open_store(url)
    ledger = Ledger(store, Measures, unlock=lambda one: keys[one.name])
    if signed:
        open_account(ledger, Opening("head", "verifier"), keys["head"], None)
        open_account(ledger, Opening("clerk", "clerk"), keys["clerk"], "head")
    gc.collect()
    began = time.process_time()
    receipt = ledger.record(read_file(path, lambda _: None, ledger.kinds), "clerk")
    took = time.process_time() - began
    assert receipt.recorded == ENTRIES
    store.close()
    return took


def main() -> None:
    """Print the fastest and the median time of both, and what signing adds in pairs."""
    with scratch() as name:
        folder = Path(name)
        (folder / "entries.jsonl").write_bytes(b"\n".join(bearing_book(ENTRIES - UNITS, UNITS)))
        pairs = []
        for run in range(RUNS + 1):
            order = (False, True) if run % 2 else (True, False)
            took = {
                signed: seconds(
                    folder / "entries.jsonl", f"sqlite:///{folder}/{run}-{signed}.db", signed=signed
                )
                for signed in order
            }
            print(f"{took[False]:.2f} {took[True]:.2f}", file=sys.stderr)
            pairs.append((took[False], took[True]))
        del pairs[0]  # which imported modules too
        plain, signed = zip(*pairs, strict=True)
        share = median(b / a for a, b in pairs)
        for what, some in (("names as typed", plain), ("signed", signed)):
            print(f"{what}: fastest {min(some):.2f} s, median {median(some):.2f} s")
        print(f"signed to unsigned: fastest {min(signed) / min(plain):.3f}, median {share:.3f}")


if __name__ == "__main__":
    main()
