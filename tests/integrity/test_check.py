"""The check finds nothing in a sound ledger and names what no checkpoint covers."""

import json

import pytest

from ledger.integrity.checkpoint import Head, checkpoint_text, open_checkpoint
from ledger.integrity.errors import DamagedError
from ledger.integrity.keys import load_key, load_verifiers
from ledger.integrity.leaves import leaf, leaf_hashes
from ledger.integrity.merkle import EMPTY_ROOT, root_of
from ledger.integrity.note import Signer, to_base64
from ledger.stores import StoredRow, create_store
from tests.cli.running import Tally

UNIT = {"kind": "unit", "id": "V003", "name": "丁村", "type": "village"}


@pytest.fixture
def tally(town):
    return Tally(town.path.parent, town.path)


def test_leaf_format_is_fixed():
    row = StoredRow(1, "甲-1", 2, "tally.X", b"{}")
    assert leaf(row) == (
        b"tally.event/1\0"
        b"\0\0\0\0\0\0\0\x01" + b"\0\0\0\0\0\0\0\x02" + b"\0\0\0\x05\xe7\x94\xb2-1"
        b"\0\0\0\x07tally.X" + b"\0\0\0\x02{}"
    )


def test_sound_ledger_has_no_findings(shared_town):
    report = shared_town.check()
    assert report.findings == []
    assert report.checkpoints == 3
    assert report.uncovered is None
    with shared_town.store() as store:
        assert report.root == root_of(leaf_hashes(store))


def test_sample_year_has_no_findings(tmp_path):
    tally = Tally(tmp_path, tmp_path / "year" / "tally.db")
    tally("demo", tmp_path / "year").ok()
    found = tally("check", "--json").ok().json
    assert found["findings"] == []
    assert found["size"] == found["position"] > 10_000
    assert found["checkpoints"] == 0
    assert found["uncovered"] == [1, found["position"]]


def test_empty_ledger_has_no_findings(tmp_path):
    tally = Tally(tmp_path)
    create_store(tally.url).close()
    assert tally("check", "--json").ok().json == {
        "position": 0,
        "size": 0,
        "root": to_base64(EMPTY_ROOT),
        "checkpoints": 0,
        "uncovered": None,
        "findings": [],
        "passed_over": 0,
    }
    tally("checkpoint", "--new-key").ok()
    assert tally("check", "--json").ok().json["checkpoints"] == 1


def test_events_after_the_last_checkpoint_are_reported_as_uncovered(town, tally):
    last = town.rows()[-1].position
    town.record([UNIT])
    assert (
        f"events {last + 1}–{last + 1} are not covered by a checkpoint" in tally("check").ok().out
    )
    town.checkpoint()
    assert "not covered" not in tally("check").ok().out


def test_signing_the_same_head_returns_the_kept_checkpoint(town):
    assert town.checkpoint() == town.kept()[-1][1]
    assert len(town.kept()) == 3


def test_earlier_head_is_signed_and_not_kept(town):
    key = load_key(town.url)
    with town.store() as store:
        note = checkpoint_text(store, key, to=5)
        root = root_of(leaf_hashes(store, to=5))
        assert open_checkpoint(note, [key.verifier]) == Head(key.name, 5, root)
        assert len(store.checkpoints.kept()) == 3
        with pytest.raises(DamagedError, match="before 9000"):
            checkpoint_text(store, key, to=9000)


def test_refuses_to_sign_what_does_not_extend_the_last_checkpoint(town, tally):
    with town.without_triggers() as raw:
        raw.execute("UPDATE stored_events SET state = replace(state, '甲村', '申村')")
        raw.execute("UPDATE stored_events SET state = CAST(state AS BLOB)")
    town.record([UNIT])
    run = tally("checkpoint").refused()
    assert "its first 2 events are not those that were signed" in run.err
    assert len(town.kept()) == 3


def test_refuses_to_sign_what_does_not_extend_the_checkpoint_beside_the_key(town, tally):
    """The ledger is reset to an older state together with its own checkpoints."""
    with town.without_triggers() as raw:
        raw.execute("DELETE FROM stored_events WHERE position > 30")
        raw.execute("DELETE FROM checkpoints WHERE size > 30")
    run = tally("checkpoint").refused()
    assert "it has 30 events, its checkpoint" in run.err


def test_compares_with_a_checkpoint_kept_elsewhere(town, tally, tmp_path):
    ours = tmp_path / "ours"
    ours.write_text(town.kept()[1][1])
    town.record([UNIT])
    assert tally("check", "--against", ours, "--json").ok().json["checkpoints"] == 3
    key = load_key(town.url)
    other = tmp_path / "other"
    other.write_text(key.sign(Head(key.name, 7, bytes(32)).text()))
    run = tally("check", "--against", ours, "--against", other, "--json")
    assert run.status == 1
    assert [finding["kind"] for finding in run.json["findings"]] == ["changed"]
    ahead = tmp_path / "ahead"
    ahead.write_text(key.sign(Head(key.name, 5_000, bytes(32)).text()))
    run = tally("check", "--against", ahead)
    assert run.status == 1
    assert "cut: position" in run.out
    assert "–5000, which were signed, are missing" in run.out


def test_reports_a_malformed_or_forged_checkpoint(town, tally, tmp_path):
    forged = Signer.make(load_key(town.url).name)
    for name, text, words in (
        ("noise", "noise", "a note is text"),
        (
            "forged",
            forged.sign(Head(forged.name, 1, bytes(32)).text()),
            "by none of the known keys",
        ),
    ):
        path = tmp_path / name
        path.write_text(text)
        run = tally("check", "--against", path, "--json")
        assert run.status == 1
        (finding,) = run.json["findings"]
        assert finding["kind"] == "checkpoint"
        assert words in finding["message"]
    assert "cannot be read" in tally("check", "--against", tmp_path / "none").refused().err


def test_auditors_own_key_alone_is_trusted(town, tally, tmp_path):
    pub = tmp_path / "auditor.pub"
    pub.write_text(f"{load_key(town.url).verifier}\n")
    tally("check", "--key", pub).ok()
    pub.write_text(f"{Signer.make('tally/x').verifier}\n")
    run = tally("check", "--key", pub, "--json")
    assert run.status == 1
    assert {finding["kind"] for finding in run.json["findings"]} == {"checkpoint"}


def test_reports_that_there_is_no_public_key(town, tally):
    town.places.key.unlink()
    town.places.public.unlink()
    run = tally("check")
    assert run.status == 1
    assert "there is no public key; name it by --key" in run.out


def test_writes_findings_as_json_csv_and_table(town, tally):
    with town.without_triggers() as raw:
        raw.execute("DELETE FROM stored_events WHERE position = 3")
    found = tally("check", "--json")
    assert found.status == 1
    assert found.json["findings"][0]["kind"] == "missing"
    assert found.json["findings"][0]["position"] == 3
    lines = tally("check", "--format", "csv").out.splitlines()
    assert lines[0] == "kind,position,id,message"
    assert lines[1].startswith("missing,3,,")
    assert "missing: position 3: the rows from here up to position 3 are missing" in (
        tally("check").out
    )
    json.dumps(found.json)


def test_checkpoint_command_prints_the_note(town, tally):
    run = tally("checkpoint").ok()
    key = load_key(town.url)
    head = open_checkpoint(run.out, load_verifiers(town.url))
    assert head.origin == key.name
    assert head.size == len(town.rows())
    shown = tally("checkpoint", "--json").ok().json
    assert shown["note"] == run.out
    assert (shown["origin"], shown["size"]) == (head.origin, head.size)
    assert shown["root"] == to_base64(head.root)
