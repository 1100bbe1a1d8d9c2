"""An entry that is sent back is the same on either store, at every position."""

from ledger.integrity.check import Check
from projections.adopted import Measures
from tests.stores.stored import Clock, batch, ledger, unit
from tests.support import submissions


def test_it_is_recorded_sent_back_and_verified_on_either_store(store):
    book = ledger(store, Clock())
    book.record(submissions([unit("V1"), batch("B-1", "V1"), batch("B-2", "V1", 7)]), "clerk")
    receipt = book.send_back(["B-1", "B-2"], "人数有误", "head")
    assert (receipt.entries, receipt.position) == (["B-1", "B-2"], 5)
    # By a query for ids without a verification.
    assert book.verify(None, "head").entries == ["V1"]
    assert book.verify(["B-1"], "head").position == 7
    rows = [(row.position, row.originator_id, row.originator_version) for row in store.raw()]
    assert rows[3:] == [(4, "B-1", 2), (5, "B-2", 2), (6, "V1", 2), (7, "B-1", 3)]
    assert book.state_at(4).entries["B-1"].sent_back.reason == "人数有误"
    assert {name: one.sent_back is not None for name, one in book.state().entries.items()} == {
        "V1": False, "B-1": False, "B-2": True
    }  # fmt: skip
    assert Check(store, [], Measures).run().findings == []
