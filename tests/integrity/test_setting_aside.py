"""Damaged positions are set aside on the record, and every reading passes over them."""

import json
import sqlite3
from contextlib import closing

import pytest

from ledger.application import Ledger
from ledger.errors import DamagedLedgerError
from ledger.stores import open_store
from projections.adopted import Measures
from tests.cli.entries import OF_EACH_KIND, UNITS
from tests.cli.running import Tally
from tests.support import submissions

AT = '"at":"2026-01-01T00:00:00.000000Z","by":"nobody"'
VERIFIED = f'{{"class_version":1,{AT}}}'.encode()
FUTURE = VERIFIED.replace(b"2026", b"2099")
UNIT = (
    f'{{"class_version":1,{AT},"import_number":1,'
    '"entry":{"kind":"unit","id":"%s","name":"寅村","type":"village"}}'
)
BATCH = (
    f'{{"class_version":1,{AT},"import_number":1,"entry":{{"kind":"petition_batch","id":"%s",'
    '"unit":"V001","matter":"M-9","level":"city","headcount":-5,"abnormal":true,'
    '"occurred_at":"2016-03-01T01:00:00.000000Z"}}'
)

JUNK = {
    "of the issue": ("junk", 1, "x", b"\0"),
    "no JSON": ("U-9", 1, "tally.UnitRecorded", b"{"),
    "text as state": ("U-9", 1, "tally.UnitRecorded", "x"),
    "id not UTF-8": (b"\xff", 1, "tally.UnitRecorded", b"{}"),
    "id like an aside's, not UTF-8": (b"aside:\xff", 1, "tally.RowSetAside", b"{}"),
    "topic not UTF-8": ("U-9", 1, b"\xff", b"{}"),
    "another entry": ("U-9", 1, "tally.UnitRecorded", (UNIT % "U-8").encode()),
    "value out of bounds": ("B-9", 1, "tally.PetitionBatchRecorded", (BATCH % "B-9").encode()),
    "negative version": ("B-1", -7, "tally.EntryVerified", VERIFIED),
    "version that does not follow": ("B-1", 77, "tally.EntryVerified", VERIFIED),
    "verified, never recorded": ("U-9", 1, "tally.EntryVerified", VERIFIED),
    "in 2099": ("U-9", 1, "tally.EntryVerified", FUTURE),
    "recorded twice": ("V001", 3, "tally.UnitRecorded", (UNIT % "V001").encode()),
    "in the measure's stream": ("measure:2016", 2, "tally.MeasureAdopted", b"{}"),
    "in a publication's stream": ("publication:2016Q1", 1, "tally.FiguresPublished", b"{}"),
    "in its own stream": ("aside:%d", 1, "tally.RowSetAside", b"{}"),
}
"""Originator id (`%d`: the row's own position), version, topic and state of damaged rows."""


def without_guards(path):
    """Take from a ledger what versions before the guards did not have."""
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(
            "DROP TRIGGER only_events; DROP TRIGGER only_checkpoints; PRAGMA user_version = 1"
        )


def insert(path, name, version, topic, state):
    """Append a row as `sqlite3` does, with the triggers in place; return its position."""
    with closing(sqlite3.connect(path)) as raw:
        (last,) = raw.execute("SELECT max(position) FROM stored_events").fetchone()
        name = name % (last + 1) if isinstance(name, str) and "%" in name else name
        raw.execute(
            "INSERT INTO stored_events VALUES (?, CAST(? AS TEXT), ?, CAST(? AS TEXT), ?)",
            (last + 1, name, version, topic, state),
        )
        raw.commit()
    return last + 1


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A ledger without guards with an entry of each kind, and its scores."""
    tally = Tally(tmp_path_factory.mktemp("built")).founded()
    tally.take_in(*UNITS, *OF_EACH_KIND)
    without_guards(tally.path)
    return tally, tally("score", "--json").ok().json["units"]


@pytest.fixture
def tally(built, tmp_path):
    return built[0].copy(tmp_path / "office")


@pytest.fixture
def units(built):
    return built[1]


def set_aside(tally, *positions):
    tally("set-aside", *positions, "--reason", "非本系统写入", "--by", "clerk").ok()
    tally("verify", *(f"aside:{one}" for one in positions), "--by", "head").ok()


def figures(tally, *words):
    return tally("score", "--json", *words).ok().json["units"]


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
    from ledger.integrity.leaves import leaf_hash  # noqa: PLC0415

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


# ---- what goes on behind it
def test_a_reader_that_stays_open_learns_of_it(tally):
    """As `serve` does: a row that was folded, since it could be decoded, is taken out again."""
    with closing(open_store(tally.url)) as store:
        ledger = Ledger(store, Measures)
        ledger.record(
            submissions([{"kind": "unit", "id": "U-9", "name": "卯村", "type": "village"}]), "c"
        )
        without_guards(tally.path)
        forged = insert(tally.path, "U-9", 9, "tally.EntryVerified", VERIFIED)
        assert ledger.state().entries["U-9"].effective
        set_aside(tally, forged)
        assert not ledger.state().entries["U-9"].effective
        assert ledger.state_at(forged).entries["U-9"].effective
        ledger.verify(["U-9"], "head")
        assert ledger.state().entries["U-9"].version == 2
    assert tally("check", "--json").ok().json["findings"] == []


def test_the_versions_of_its_stream_go_on(tally):
    """A row that was set aside keeps its version; what is recorded takes the next free ones."""
    position = insert(tally.path, "2016-9", 1, "x", b"\0")
    set_aside(tally, position)
    tally.take_in(
        {"kind": "unit", "id": "2016-9", "name": "卯村", "type": "village"}, verify_by=None
    )
    assert tally("score", "--json").ok().json["units"] == figures(tally, "--no-cache")
    tally("verify", "2016-9", "--by", "head").ok()
    tally("reverse", "2016-9", "--reason", "重复登记", "--by", "clerk", "--yes").ok()
    assert [row[2] for row in tally.rows() if row[1] == "2016-9"] == [1, 2, 3, 4]
    assert tally("check", "--json").ok().json["findings"] == []


def test_an_unverified_entry_in_a_stream_with_a_damaged_row_does_not_count(tally, monkeypatch):
    """Nor where a year's part is loaded, which asks the rows alone whether an entry is verified."""
    monkeypatch.setattr("ledger.read_model.SMALL", 0)
    batch = {
        "kind": "petition_batch",
        "id": "B-90",
        "unit": "V001",
        "matter": "M-90",
        "level": "city",
        "headcount": 5,
        "occurred_at": "2016-03-01T09:00:00",
        "abnormal": True,
    }
    before = figures(tally, "--no-cache")
    tally.take_in(batch, verify_by=None)
    unverified = figures(tally, "--no-cache")
    position = insert(tally.path, "B-90", 2, "tally.EntryVerified", b"{}")
    set_aside(tally, position)
    assert figures(tally, "--no-cache") == figures(tally) == unverified != before
    tally("verify", "--all", "--by", "head").ok()
    assert figures(tally, "--no-cache") == figures(tally) != unverified


def test_damage_that_is_not_set_aside_still_stops_reading(tally):
    first, second = (insert(tally.path, name, 1, "x", b"\0") for name in ("one", "two"))
    set_aside(tally, first)
    assert f"position {second}: " in tally("score").refused().err
    with closing(open_store(tally.url)) as store, pytest.raises(DamagedLedgerError):
        Ledger(store, Measures).state()
    set_aside(tally, second)
    tally("score").ok()


def test_refuses_to_record_on_a_damaged_ledger(tally):
    insert(tally.path, "junk", 1, "x", b"\0")
    with closing(open_store(tally.url)) as store:
        ledger = Ledger(store, Measures)
        with pytest.raises(DamagedLedgerError):
            ledger.record(submissions([{**UNITS[0], "id": "V900", "name": "辰村"}]), "clerk")


def test_pages_and_bulletin_name_it(tally, tmp_path):
    position = insert(tally.path, "junk", 1, "x", b"\0")
    set_aside(tally, position)
    tally("site", tmp_path / "site", "--year", "2016").ok()
    pages = [path.read_text() for path in (tmp_path / "site").rglob("*.html")]
    assert pages
    assert all(str(position) in page for page in pages)
    docx = pytest.importorskip("docx")
    run = tally("bulletin", "2016Q1", "-o", tmp_path / "b.docx").ok()
    assert f"position {position} is damaged" in run.err
    document = docx.Document(str(tmp_path / "b.docx"))
    assert f"台账第{position}号记录已损坏，经核定不予计入。" in document.paragraphs[-1].text
