"""Damaged positions are set aside on the record, and every reading passes over them."""

import json
import sqlite3
from contextlib import closing

import pytest

from ledger.integrity.leaves import leaf_hash
from ledger.stores import open_store
from tests.cli.running import Tally
from tests.integrity.damage import JUNK, VERIFIED, built, figures, insert, set_aside, tally, units

__all__ = ["built", "tally", "units"]


# ---- the attack of the issue
def test_a_plain_insert_of_a_junk_row_is_refused(tmp_path):
    tally = Tally(tmp_path).founded()
    with pytest.raises(sqlite3.IntegrityError, match="tally did not write this row"):
        insert(tally.path, "junk", 1, "x", b"\0")
    tally("score").ok()


def test_nothing_is_signed_or_backed_up_of_a_ledger_that_restore_would_refuse(tally):
    insert(tally.path, "junk", 1, "x", b"\0")
    kept = sorted(path.name for path in tally.folder.iterdir())
    for words in (["checkpoint"], ["backup", tally.folder / "b.db"]):
        error = tally(*words).refused().err
        assert "junk: cannot be read as x: there is no such topic" in error
        assert "tally set-aside" in error
    tally("publish", "2016Q1", "--by", "office").refused()
    assert sorted(path.name for path in tally.folder.iterdir()) == kept
    with closing(sqlite3.connect(tally.path)) as raw:
        assert raw.execute("SELECT count(*) FROM checkpoints").fetchone() == (0,)


def test_a_damaged_ledger_is_kept_as_evidence_and_is_no_backup(tally, tmp_path):
    insert(tally.path, "junk", 1, "x", b"\0")
    file = tmp_path / "evidence.db"
    assert "not signed and no backup" in tally("backup", "--damaged", file).refused().err
    assert Tally(tmp_path, file).rows() == tally.rows()
    assert [path.name for path in tmp_path.glob("evidence*")] == ["evidence.db"]
    other = Tally(tmp_path, tmp_path / "other.db")
    assert "evidence.db.checkpoint cannot be read" in other("restore", file).refused().err
    assert not other.path.exists()


def test_damaged_is_a_plain_backup_of_a_sound_ledger(tally, tmp_path):
    tally("backup", "--damaged", tmp_path / "b.db").ok()
    Tally(tmp_path, tmp_path / "new.db")("restore", tmp_path / "b.db").ok()


def test_a_junk_row_is_set_aside_and_every_command_goes_on(tally, units, tmp_path):
    position = insert(tally.path, "junk", 1, "x", b"\0")
    assert f"`tally set-aside {position}`" in tally("score").refused().err
    run = tally("set-aside", position, "--reason", "非本系统写入", "--by", "clerk", "--json").ok()
    assert run.json == {
        "set_aside": [position],
        "verify": [f"aside:{position}"],
        "position": position + 1,
    }
    assert "junk: cannot be read as x: there is no such topic" in run.err
    tally("score").refused()  # nobody has verified it
    tally("verify", f"aside:{position}", "--by", "head").ok()
    run = tally("score", "--json").ok()
    assert run.json["units"] == units
    assert f"position {position} is damaged and was set aside: 非本系统写入" in run.err
    (shown,) = run.json["set_aside"]
    assert shown == {
        "position": position,
        "sha256": shown["sha256"],
        "reason": "非本系统写入",
        "set_aside": {**shown["set_aside"], "position": position + 1, "by": "clerk"},
        "verified": {**shown["verified"], "position": position + 2, "by": "head"},
    }
    for words in (["explain", "V001"], ["list"], ["history", "junk"]):
        assert tally(*words, "--json").ok().json["set_aside"] == [shown], words
    assert "set_aside" not in tally("history", "V001", "--json").ok().json
    report = tally("check", "--json").ok().json
    assert (report["findings"], report["set_aside"]) == ([], [shown])
    assert f"position {position} is damaged and was set aside" in tally("check").ok().out
    tally("checkpoint").ok()
    tally("backup", tmp_path / "b.db").ok()


def test_as_of_a_position_before_the_verification_the_ledger_is_as_damaged(tally, units):
    position = insert(tally.path, "junk", 1, "x", b"\0")
    set_aside(tally, position)
    for as_of in (position, position + 1):
        assert f"position {position}: " in tally("score", "--as-of", as_of).refused().err
    before = tally("score", "--as-of", position - 1, "--json").ok().json
    assert before["units"] == units
    assert "set_aside" not in before
    assert figures(tally, "--as-of", position + 2) == units


# ---- every kind of damage
@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("small", [20_000, 0], ids=["replayed", "by the read model"])
def test_any_damaged_row_can_be_set_aside(tally, units, tmp_path, monkeypatch, junk, small):
    monkeypatch.setattr("ledger.read_model.SMALL", small)
    tally("score").ok()  # the read model knows the ledger from before
    position = insert(tally.path, *JUNK[junk])
    leaf = tally("check", "--json").json["root"]
    set_aside(tally, position)
    report = tally("check", "--json").ok().json
    assert (report["findings"], [one["position"] for one in report["set_aside"]]) == (
        [],
        [position],
    )
    assert figures(tally) == figures(tally, "--no-cache") == units
    tally.take_in({"kind": "unit", "id": "U-9", "name": "卯村", "type": "village"})
    tally("verify", "measure:2016", "--by", "head")
    for words in (
        ["explain", "V001"],
        ["list"],
        ["list", "--unit", "V001"],
        ["missing"],
        ["audit"],
        ["corrections"],
        ["costs"],
        ["history", "U-9"],
        ["history", f"aside:{position}"],
        ["score", "--as-of", "2099-12-31"],
        ["diff", "--from", position - 1, "--to", position + 2],
        ["verify", "--all", "--by", "head"],
        ["publish", "2016Q1", "--by", "office"],
        ["verify", "2016Q1", "--by", "head"],
        ["checkpoint"],
        ["backup", tmp_path / "b.db"],
    ):
        tally(*words).ok()
    scores = tally("score", "--json").ok().json
    new, copied = (Tally(tmp_path, tmp_path / name) for name in ("new.db", "copied.db"))
    new("restore", tmp_path / "b.db").ok()
    tally("copy", tally.url, copied.url).ok()
    for other in (new, copied):
        assert other("score", "--json").ok().json == scores
        assert other("check", "--json").ok().json["findings"] == []
    assert leaf != report["root"]


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])
def test_each_row_damaged_in_turn_can_be_set_aside_with_what_rests_on_it(tally, tmp_path, step):
    """No command ends in a traceback, whatever row of whatever kind is missing."""
    for position in range(1, tally.position + 1, step):
        one = tally.copy(tmp_path / str(position))
        with closing(sqlite3.connect(one.path)) as raw:
            (sql,) = raw.execute(
                "SELECT sql FROM sqlite_schema WHERE name = 'no_update'"
            ).fetchone()
            raw.execute("DROP TRIGGER no_update")
            raw.execute("UPDATE stored_events SET state = x'00' WHERE position = ?", (position,))
            raw.execute(sql)
            raw.commit()
        damaged = [position]
        if position == tally.position:  # the last acknowledged event
            one("accept-copy", "--reason", "磁盘损坏", "--by", "head").ok()
        while damaged:
            set_aside(one, *damaged)
            found = one("check", "--json").json["findings"]
            damaged = sorted({f["position"] for f in found})
            assert not set(damaged) & {position}
        for words in (["score"], ["explain", "V001", "2016Q1"], ["list"], ["missing"]):
            run = one(*words)
            assert run.status == 0 or run.refused(), (position, words)


# ---- what is refused
def test_a_sound_entry_is_not_set_aside(tally):
    for position in range(1, tally.position + 1):
        error = tally("set-aside", position, "--reason", "x", "--by", "clerk").refused().err
        assert "is sound" in error
        assert "`tally reverse`" in error


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["999"], "is not a position of this ledger"),
        (["--reason", ""], "reason"),
        (["--reason", "电话13800138000"], "reason"),
    ],
)
def test_refuses_what_is_not_there_and_wrong_reasons(tally, words, message):
    position = insert(tally.path, "junk", 1, "x", b"\0")
    given = [position, *words] if words[0].startswith("-") else [*words, "--reason", "x"]
    before = tally.rows()
    assert message in tally("set-aside", *given, "--by", "clerk").refused().err
    assert tally.rows() == before


def test_a_second_person_verifies_it_once(tally):
    position = insert(tally.path, "junk", 1, "x", b"\0")
    name = f"aside:{position}"
    words = ("set-aside", position, "--reason", "x", "--by")
    tally(*words, "clerk").ok()
    assert "awaits verification" in tally(*words, "other").refused().err
    assert "somebody else must verify it" in tally("verify", name, "--by", "clerk").refused().err
    tally("verify", name, "--by", "head", "--dry-run").ok()
    tally("score").refused()
    tally("verify", name, "--by", "head").ok()
    assert "was set aside already" in tally(*words, "other").refused().err
    assert "verified already" in tally("verify", name, "--by", "other").ok().err


def test_several_rows_are_set_aside_at_once(tally, units):
    """The second follows the first, and would be sound but for that one."""
    rows = [
        ("V002", 7, "tally.EntryVerified", VERIFIED),
        ("V002", 8, "tally.EntryVerified", VERIFIED),
    ]
    positions = [insert(tally.path, *row) for row in rows]
    assert (
        "is sound" in tally("set-aside", positions[1], "--reason", "x", "--by", "c").refused().err
    )
    set_aside(tally, *positions)
    assert tally("check", "--json").ok().json["findings"] == []
    assert figures(tally) == units


def test_a_forged_setting_aside_of_a_sound_entry_has_no_effect(tally, units):
    """Rows as `tally` writes them, by somebody who can write to the file."""
    (target,) = [row[0] for row in tally.rows() if row[1] == "B-1" and row[2] == 1]
    event = {
        "class_version": 1,
        "at": "2026-01-01T00:00:00.000000Z",
        "by": "clerk",
        "position": target,
        "sha256": "0" * 64,
        "reason": "x",
    }
    at = json.loads(tally.rows()[-1][4])["at"]
    for sha256 in ("0" * 64, leaf_of(tally, target)):
        state = json.dumps({**event, "at": at, "sha256": sha256}, separators=(",", ":")).encode()
        version = 1 if sha256 == "0" * 64 else 3
        insert(tally.path, f"aside:{target}", version, "tally.RowSetAside", state)
        verified = json.dumps({"class_version": 1, "at": at, "by": "head"}).encode()
        last = insert(tally.path, f"aside:{target}", version + 1, "tally.EntryVerified", verified)
        assert figures(tally) == units
        found = tally("check", "--json").json["findings"]
        assert {(one["kind"], one["id"]) for one in found} == {("implausible", f"aside:{target}")}
    assert "which is not as it was found then" in found[0]["message"]
    assert "which is sound" in found[1]["message"]
    assert last == tally.position


def leaf_of(tally, position):
    with closing(open_store(tally.url)) as store:
        return leaf_hash(next(store.raw(position - 1, position))).hex()


def test_a_row_changed_after_it_was_set_aside_is_damage_again(tally):
    position = insert(tally.path, "junk", 1, "x", b"\0")
    set_aside(tally, position)
    with closing(sqlite3.connect(tally.path)) as raw:
        raw.execute("DROP TRIGGER no_update")
        raw.execute("UPDATE stored_events SET state = x'01' WHERE position = ?", (position,))
        raw.commit()
    assert f"position {position}: " in tally("score").refused().err
    kinds = tally("check", "--json").json["counts"]
    assert kinds == {"store": 1, "unreadable": 1, "implausible": 1}
