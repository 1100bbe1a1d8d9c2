"""Kill imports at random moments: each is whole or absent, and an acknowledged one is kept."""

from collections import Counter

import pytest

from ledger.stores import create_store, open_store
from tests.stores.stored import whole
from tests.stores.workers import IMPORT, chance, kill_one


def check_kills(url, kills, seed):
    """Kill that many imports into one ledger and check what each left."""
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


def test_killed_import_is_whole_or_absent(url):
    check_kills(url, kills=8, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_many_killed_imports_are_whole_or_absent(url, seed):
    check_kills(url, kills=25, seed=100 + seed)
