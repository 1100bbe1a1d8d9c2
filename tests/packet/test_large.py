"""A packet of 2,000 entries, each recorded and verified under a signature of its own."""

from __future__ import annotations

import time

import pytest

from ledger.integrity.checkpoint import sign_head
from ledger.integrity.keys import load_key, make_key
from projections.measure import BUILT_IN, read_measure
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.integrity.accounts import Office
from tests.packet.packets import VERIFIER, by_python, files_of
from tests.support import submissions

ENTRIES = 2_000


@pytest.mark.slow
@pytest.mark.parametrize("together", [ENTRIES, 1], ids=["one import", "one by one"])
def test_a_packet_of_2000_entries_is_made_in_under_5_seconds(tmp_path, together):
    """In CPU time of this process: the command, from opening the ledger to the written zip."""
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    make_key(office.url)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.ledger.adopt(2016, BUILT_IN, read_measure(BUILT_IN), "禾松政办发（2015）9号", "小李")
    office.ledger.verify(["measure:2016"], "王主任")
    office.ledger.record(submissions(UNITS), "小李")
    office.ledger.verify(None, "王主任")
    days = [f"2016-03-{day:02}" for day in range(1, 29)]
    batches = [
        batch(f"B-{n}", occurred_at=f"{days[n % 28]}T{n % 24:02}:00:00+08:00", headcount=1 + n % 9)
        for n in range(ENTRIES)
    ]
    for start in range(0, ENTRIES, together):
        some = batches[start : start + together]
        office.ledger.record(submissions(some), "小李", doubts=frozenset())
        office.ledger.verify([one["id"] for one in some], "王主任")
    sign_head(office.store, load_key(office.url), [])
    office.store.close()
    tally, path = Tally(tmp_path, tmp_path / "tally.db"), tmp_path / "p.zip"
    start, cpu = time.perf_counter(), time.process_time()
    tally("packet", "V001", "2016Q2", "--through", "2016-05-31", "-o", path).ok()
    used, took = time.process_time() - cpu, time.perf_counter() - start
    verifying = time.perf_counter()
    run = by_python(VERIFIER, path)
    assert run.returncode == 0, run.stdout
    assert "2002 verifications signed by two keys" in run.stdout
    verifying = time.perf_counter() - verifying
    size = sum(map(len, files_of(path).values()))
    print(
        f"\n{ENTRIES} entries, {together} an append: made in {took:.1f} s ({used:.1f} s of CPU), "
        f"verified in {verifying:.1f} s, {size / 1e6:.1f} MB"
    )
    assert used < 5
