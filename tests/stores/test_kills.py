"""Killed at any moment: an import is there whole or not at all, an acknowledged one is there."""

from collections import Counter

import pytest

from ledger.stores import create_store, open_store
from tests.stores.stored import whole
from tests.stores.workers import IMPORT, chance, kill_one


def survive(url, kills, seed):
    """As many kills of imports into one ledger; how many were killed with one in flight."""
    create_store(url).close()
    draw = chance(seed)
    first, acknowledged, unanswered = 0, set(), 0
    for kill in range(kills):
        acknowledged.update(kill_one(url, first, draw))
        store = open_store(url)
        rows = whole(store)
        store.close()
        counted = Counter(int(row.originator_id[1:].partition("-")[0]) for row in rows)
        torn = {number: n for number, n in counted.items() if n != 2 * IMPORT}
        assert not torn, f"seed {seed}, kill {kill}: torn imports {torn}"
        assert acknowledged <= counted.keys(), f"seed {seed}, kill {kill}: acknowledged and lost"
        unanswered += len(counted.keys() - acknowledged)
        acknowledged |= counted.keys()
        first = max(counted, default=-1) + 1
    print(f"{kills} kills, {len(acknowledged)} imports, {unanswered} there but unacknowledged")


def test_a_killed_import_is_whole_or_absent(url):
    survive(url, kills=8, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_killed_imports_are_whole_or_absent(url, seed):
    survive(url, kills=25, seed=100 + seed)
