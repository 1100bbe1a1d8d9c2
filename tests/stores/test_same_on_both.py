"""The same entries in the same order give the same ledger, byte for byte, on either store."""

from datetime import UTC, date, datetime
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import EntriesRefusedError
from ledger.stores import create_store
from projections.scores import score_year
from tests.oracle import bare, unverified_ids
from tests.oracle.generate import ledger as random_entries
from tests.stores.stored import RULEBOOK, Clock, ledger, whole
from tests.support import shown, submissions

_NUMBER = count(1)
_SETTINGS = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


def imported(url, entries, cuts):
    """Import the entries in pieces and verify them later; return rows, scores and receipts."""
    store = create_store(url)
    book = ledger(store, Clock())
    bounds = sorted({0, len(entries), *(cut % (len(entries) + 1) for cut in cuts)})
    receipts = []
    for start, end in pairwise(bounds):
        receipts.append(book.record(submissions(bare(entries[start:end])), "clerk"))
        # An entry recorded before with other content is refused.
        other = {**bare(entries[:1])[0], "note": "other"}
        with pytest.raises(EntriesRefusedError):
            book.record(submissions([other]), "clerk")
    waiting = unverified_ids(entries)
    book.verify([e["id"] for e in entries if e["id"] not in waiting], "head")
    state = book.state()
    scores = [
        shown(score_year(state, RULEBOOK, year, date(year, 11, 30), provisional=provisional))
        for year in (2015, 2016, 2017)
        for provisional in (False, True)
    ]
    rows = whole(store)
    store.close()
    return rows, scores, [(r.recorded, r.skipped, r.position) for r in receipts]


def same(server, schema, folder, seed, cuts, size):
    entries = random_entries(seed, n_entries=size)
    number = next(_NUMBER)
    here = imported(f"sqlite:///{folder}/{number}.db", entries, cuts)
    town = f"{schema}_{number}"
    there = imported(server.schema(town), entries, cuts)
    with server.connect() as connection:
        connection.execute(f"DROP SCHEMA {town} CASCADE")
    assert here == there
    assert len(here[0]) > size


cuts = st.lists(st.integers(0, 1000), max_size=4)


@given(seed=st.integers(0, 10**6), cuts=cuts)
@settings(max_examples=12, **_SETTINGS)
def test_both_stores_hold_the_same_ledger(server, schema, tmp_path, seed, cuts):
    same(server, schema, tmp_path, seed, cuts, 60)


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), cuts=cuts)
@settings(max_examples=200, **_SETTINGS)
def test_both_stores_hold_the_same_larger_ledger(server, schema, tmp_path, seed, cuts):
    same(server, schema, tmp_path, seed, cuts, 200)


def test_the_store_tells_its_time(store):
    assert abs((store.time() - datetime.now(UTC)).total_seconds()) < 60
