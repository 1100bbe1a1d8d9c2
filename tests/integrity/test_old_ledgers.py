"""Ledgers of earlier versions are read and proved by the present code."""

import pytest
from eventsourcing.persistence import StoredEvent

from ledger import codec
from ledger.integrity.check import Check
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from ledger.stores import create_store
from projections.measures import Measures
from tests.integrity.old_ledgers import FOLDER, load

KEPT = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)


def event_of(row):
    return StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)


def test_first_version_has_every_kind():
    rows, _ = load(FOLDER / "0.1.0.jsonl")
    recorded = {row.topic for row in rows if row.topic.endswith("Recorded")}
    assert set(codec.RECORDED.values()) == recorded
    assert len(recorded) == 17
    assert {"tally.EntryVerified", "tally.EntryReversed"} <= {row.topic for row in rows}


@KEPT
def test_old_ledger_has_the_same_root(path):
    rows, root = load(path)
    assert to_base64(root_of([leaf_hash(row) for row in rows])) == root


@KEPT
def test_old_ledger_has_no_findings(path, tmp_path):
    rows, _ = load(path)
    store = create_store(f"sqlite:///{tmp_path}/old.db")
    store.recorder.insert_events([event_of(row) for row in rows], after=0)
    assert list(store.raw()) == rows
    assert Check(store, [], Measures).run().findings == []
    store.close()


@KEPT
def test_it_is_read_as_it_was_written(path):
    """An event that is written again has the bytes it had, while its class has the version."""
    for row in load(path)[0]:
        event = codec.validate(row.originator_id, row.topic, row.state)
        assert codec.decode(row.topic, row.state) == event
        if row.state.startswith(codec.prefix_of(row.topic)):
            assert codec.encode(event) == row.state
