"""The check finds nothing in a sound ledger and names what no checkpoint covers."""

import json
import os

import pytest

from ledger.integrity.checkpoint import Head, checkpoint_text, open_checkpoint
from ledger.integrity.errors import DamagedError
from ledger.integrity.head import KeptHead
from ledger.integrity.keys import KeyPaths, load_key, load_verifiers
from ledger.integrity.leaves import leaf, leaf_hashes
from ledger.integrity.merkle import EMPTY_ROOT, root_of
from ledger.integrity.note import Signer, to_base64
from ledger.read_model.database import ReadModelDatabase
from ledger.read_model.sealing import place_of, read_model_path
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
    assert found["checkpoints"] == 4, "each bulletin holds one"
    assert found["uncovered"][1] == found["position"]
    assert KeptHead(KeyPaths(tally.url)).read().position == found["position"]


def test_empty_ledger_has_no_findings(tmp_path):
    tally = Tally(tmp_path)
    create_store(tally.url).close()
    assert tally("check", "--json").ok().json == {
        "position": 0,
        "size": 0,
        "root": to_base64(EMPTY_ROOT),
        "checkpoints": 0,
        "uncovered": None,
        "keys": [],
        "set_aside": [],
        "accepted": [],
        "verified": {"two_keys": 0, "names_as_typed": 0, "accounts": 0, "unproved": []},
        "evidence": {"whole": 0, "missing": 0, "unnamed": 0},
        "counts": {},
        "findings": [],
        "passed_over": 0,
    }
    tally("checkpoint", "--new-key").ok()
    assert tally("check", "--json").ok().json["checkpoints"] == 1


def test_names_the_keys_that_it_trusted_and_a_new_key_is_announced(town, tally):
    (old,) = load_verifiers(town.url)
    assert tally("check", "--json").ok().json["keys"] == [f"{old.name}+{old.key_id.hex()}"]
    town.places.key.unlink()
    run = tally("checkpoint", "--new-key").ok()
    new = load_key(town.url).verifier
    shown = [f"{one.name}+{one.key_id.hex()}" for one in (new, old)]
    assert f"the new key {shown[0]} signs from now on" in run.err
    assert f"what {shown[1]} signed before stays valid" in run.err
    assert f"keys trusted: {', '.join(shown)}\n" in tally("check").ok().out
    assert "new key" not in tally("checkpoint").ok().err


def test_signatures_and_hashes_come_first_and_every_kind_is_counted(town, tally, tmp_path):
    """1,500 forged events do not hide a changed one."""
    with town.without_triggers() as raw:
        raw.execute("UPDATE stored_events SET state = replace(state, '甲村', '申村')")
        raw.execute("UPDATE stored_events SET state = CAST(state AS BLOB)")
        (last,) = raw.execute("SELECT max(position) FROM stored_events").fetchone()
        (state,) = raw.execute(
            "SELECT state FROM stored_events WHERE topic = 'tally.EntryReversed'"
        ).fetchone()
        for number in range(1_500):
            row = (last + 1 + number, f"F-{number}", 2, "tally.EntryReversed", state)
            raw.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?, ?)", row)
    forged = tmp_path / "forged"
    forged.write_text("noise")
    run = tally("check", "--json", "--against", forged)
    assert run.status == 1
    kinds = [finding["kind"] for finding in run.json["findings"]]
    assert len(kinds) == 1_000
    proved = kinds[: kinds.index("implausible")]
    assert set(proved) == {"checkpoint", "changed"}
    assert set(kinds[len(proved) :]) == {"implausible"}
    counts = run.json["counts"]
    assert list(counts) == ["checkpoint", "changed", "implausible"]
    assert counts["checkpoint"] == 1
    assert counts["implausible"] >= 1_500
    assert run.json["passed_over"] == sum(counts.values()) - 1_000
    said = ", ".join(f"{kind} {count}" for kind, count in counts.items())
    assert f"found wrong ({said})" in tally("check", "--against", forged).out


NAMES = {
    "escapes": "\x1b[2J\x1b[1;1Hsqlite:///tally.db: whole; 5 events\x1b[8m",
    "a line": "x\nsqlite:///tally.db: whole; 5 events",
    "a line of Windows": "x\r\nsqlite:///tally.db: whole",
    "C1": "\x9b2J\x9b1;1Hwhole",
    "a direction": "\u202eelohw",
    "fillers": "\u3164\u115fwhole",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_name_in_the_database_passes_for_the_programs_own_words(town, tally, name):
    with town.without_triggers() as raw:
        raw.execute(f'CREATE TABLE "{name}" (x)')
    run = tally("check")
    assert run.status == 1
    first, *rest = run.out.split("\n")
    assert first.startswith("store: ")
    assert "whole; " not in "".join(rest)
    assert set(run.out) & set("\x1b\r\x9b\u202e\u3164\u115f") == set()
    assert "\N{REPLACEMENT CHARACTER}" in run.out
    found = tally("check", "--json")
    assert set(found.out) & set("\x1b\r\x9b\u202e\u3164\u115f") == set()
    assert any(name in finding["message"] for finding in found.json["findings"])


@pytest.mark.parametrize("option", ["--against", "--proof", "--key"])
def test_a_device_without_an_end_is_refused(tally, option):
    assert "it is not a file" in tally("check", option, "/dev/zero").refused().err


@pytest.mark.parametrize("option", ["--against", "--proof", "--key"])
def test_a_file_without_an_end_is_refused(tally, tmp_path, option):
    endless = tmp_path / "endless"
    with endless.open("wb") as file:
        file.truncate(200_000_000)
    assert "it has more than" in tally("check", option, endless).refused().err


def test_a_pipe_in_the_place_of_the_read_model_is_not_waited_for(town, tally):
    view = read_model_path(town.url)
    os.mkfifo(view)
    assert f"{town.url}: whole" in tally("check").ok().out
    ReadModelDatabase(*place_of(town.url)).close()
    assert view.is_file(), "it was made again"


@pytest.mark.parametrize("place", ["key", "public", "checkpoint", "leaves"])
def test_a_pipe_in_the_place_of_a_file_beside_the_ledger_is_not_waited_for(town, tally, place):
    path = getattr(town.places, place)
    path.unlink()
    os.mkfifo(path)
    run = tally("check" if place != "key" else "checkpoint")
    assert run.status == (0 if place == "leaves" else 1)


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
