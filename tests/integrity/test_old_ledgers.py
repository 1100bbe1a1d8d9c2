"""Ledgers of earlier versions are read and proved by the present code."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent

from ledger.events import RECORDED, TOPICS, LedgerEvent
from ledger.integrity.check import Check
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from ledger.mapper import EventMapper
from ledger.stores import create_store
from tests.integrity.old_ledgers import FOLDER, load
from tests.integrity.towns import RULEBOOK

KEPT = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)


def event_of(row):
    return StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)


def test_first_version_has_every_kind():
    rows, _ = load(FOLDER / "0.1.0.jsonl")
    recorded = {row.topic for row in rows if row.topic.endswith("Recorded")}
    assert {event_type.TOPIC for event_type in RECORDED.values()} == recorded
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
    assert Check(store, [], RULEBOOK).run().findings == []
    store.close()


@KEPT
def test_unchanged_classes_write_the_same_bytes(path):
    """An event whose class has the stored version is written with the bytes that it had."""
    mapper = EventMapper()
    for row in load(path)[0]:
        event = mapper.to_domain_event(event_of(row))
        if row.state.startswith(b'{"class_version":%d,' % event.CLASS_VERSION):
            assert mapper.to_stored_event(event).state == row.state


class UnitMoved(LedgerEvent):
    """A made-up event: version 1 has `to` and `kilometres`, 2 `destination`, 3 `metres`."""

    TOPIC: ClassVar[str] = "tally.test.UnitMoved"
    NAME: ClassVar[str] = "moved"
    CLASS_VERSION: ClassVar[int] = 3

    class_version: int = 3
    destination: str
    metres: int

    @classmethod
    def upcast(cls, state, from_version):
        if from_version == 1:
            state["destination"] = state.pop("to")
        elif from_version == 2:
            state["metres"] = state.pop("kilometres") * 1_000
        return state


del TOPICS[UnitMoved.TOPIC]  # known to these tests only


@pytest.fixture(autouse=True)
def _known_here(monkeypatch):
    monkeypatch.setitem(TOPICS, UnitMoved.TOPIC, UnitMoved)


def stored(state):
    return StoredEvent("V001", 2, UnitMoved.TOPIC, state)


AT = b'"at":"2026-01-01T00:00:00.000000Z","by":"clerk"'


@pytest.mark.parametrize(
    "state",
    [
        b'{"class_version":1,' + AT + b',"to":"\xe7\x94\xb2","kilometres":2}',
        b'{"class_version":2,' + AT + b',"destination":"\xe7\x94\xb2","kilometres":2}',
        b'{"class_version":3,' + AT + b',"destination":"\xe7\x94\xb2","metres":2000}',
    ],
    ids=["1", "2", "3"],
)
def test_upcasts_every_older_version(state):
    event = EventMapper().to_domain_event(stored(state))
    assert event == UnitMoved(
        originator_id="V001",
        originator_version=2,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        by="clerk",
        destination="甲",
        metres=2000,
    )


def test_refuses_a_newer_class_version():
    state = b'{"class_version":4,' + AT + b',"destination":"x","metres":1}'
    with pytest.raises(MapperDeserialisationError, match="class version 4 is newer"):
        EventMapper().to_domain_event(stored(state))


def test_refuses_a_version_without_an_upcast(monkeypatch):
    monkeypatch.delattr(UnitMoved, "upcast")
    state = b'{"class_version":1,' + AT + b',"to":"x","kilometres":1}'
    with pytest.raises(MapperDeserialisationError, match="no upcast from version 1"):
        EventMapper().to_domain_event(stored(state))
