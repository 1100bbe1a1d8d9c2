"""Ledgers of earlier versions are read and proved by the present code."""

from contextlib import closing

import pytest
from eventsourcing.persistence import StoredEvent

from ledger import codec
from ledger.integrity.check import Check
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from ledger.stores import create_store
from projections.adopted import Measures
from tests.cli.running import Tally
from tests.integrity.old_ledgers import FOLDER, load

KEPT = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)


def event_of(row):
    return StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)


def test_first_version_has_every_kind_that_it_knew():
    rows, _ = load(FOLDER / "0.1.0.jsonl")
    recorded = {row.topic for row in rows if row.topic.endswith("Recorded")}
    later = {codec.RECORDED[kind] for kind in ("carried_quarter", "measure_entry")}
    assert set(codec.RECORDED.values()) == recorded | later
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


def first_ledger(folder):
    """Return `tally` on a ledger of version 0.1.0, which knew no adoptions."""
    tally = Tally(folder)
    with closing(create_store(tally.url)) as store:
        events = [event_of(row) for row in load(FOLDER / "0.1.0.jsonl")[0]]
        store.recorder.insert_events(events, after=0)
    return tally


def test_the_first_adoption_of_the_measure_in_use_changes_nothing(tmp_path):
    """Before it, the year was scored under the program's measure: no unit is new."""
    tally = first_ledger(tmp_path)
    adopt = ("measure", "adopt", "qianlianghu-2016", "--year", "2016", "--basis", "三号文")
    tally(*adopt, "--by", "clerk").ok()
    run = tally("verify", "measure:2016", "--by", "head", "--dry-run", "--json").ok()
    assert run.json["preview"] == []


def test_the_first_ledger_is_scored_as_before(tmp_path):
    """Figures of version 0.1.0, but a report that is not in by the day is missing, not late.

    The year 2016 alone has a measure, until the ledger adopts one.
    """
    tally = first_ledger(tmp_path)
    found = tally("score", "--json").ok().json
    assert (found["year"], found["measure"]["adopted_at"]) == (2016, None)
    assert found["measure"]["id"] == "qianlianghu-2016"
    assert [
        (unit["unit"], unit["total"], [period["score"] for period in unit["periods"]])
        for unit in found["units"]
    ] == [
        ("C001", "36.5", ["8", "8", "8", "8"]),
        ("V002", "31.9", ["8", "3.4", "8", "8"]),
        ("V001", "29.4", ["8", "-0.6", "8", "8"]),
    ]
    assert "year 2015 has no measure" in tally("score", "--year", "2015").refused().err
    tally.adopt(2017)
    again = tally("score", "--year", "2016", "--json").ok().json
    assert again == {**found, "position": found["position"] + 2, "known_at": again["known_at"]}
    tally.adopt(2016)
    assert tally("score", "--json").ok().json["measure"]["adopted_at"] == found["position"] + 3
    assert tally("check", "--json").ok().json["findings"] == []
