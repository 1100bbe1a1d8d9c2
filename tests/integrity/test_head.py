"""Events that were acknowledged and are missing from the ledger: an older copy, a lost log file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context

import pytest

from ledger import read_model
from ledger.application import Ledger
from ledger.integrity.head import KeptHead, RolledBackError
from ledger.integrity.keys import KeyPaths, make_key
from ledger.integrity.leaves import LastEvent, leaf_hash
from ledger.read_model.sealing import read_model_path
from ledger.stores import create_store, open_store
from projections.adopted import Measures
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.support import submissions

CARD = ("record", "yellow_card", "--unit", "V001", "--issued-on", "2016-05-12", "--by", "clerk")
ACCEPT = ("accept-copy", "--reason", "磁盘损坏", "--by", "head")


@pytest.fixture
def tally(tmp_path):
    """Return a ledger with two villages, at position 5."""
    made = Tally(tmp_path).founded()
    made.take_in(*UNITS)
    return made


@pytest.fixture
def rolled_back(tally):
    """Return a ledger at position 5 again, after position 6 was acknowledged."""
    shutil.copy(tally.path, tally.folder / "older.db")
    tally(*CARD, "--id", "HP-1").ok()
    put_back(tally)
    return tally


def put_back(tally, older="older.db"):
    for end in ("-wal", "-shm"):
        tally.path.with_name(f"tally.db{end}").unlink(missing_ok=True)
    shutil.copy(tally.folder / older, tally.path)


def kept(tally):
    return KeptHead(KeyPaths(tally.url)).read()


def kinds(run):
    return [(one["kind"], one["position"]) for one in run.json["findings"]]


def test_each_append_keeps_position_and_leaf_of_its_last_event(tally):
    with closing(open_store(tally.url)) as store:
        *_, last = store.raw()
    assert kept(tally) == LastEvent(5, leaf_hash(last))
    tally(*CARD, "--id", "HP-1").ok()
    assert kept(tally).position == 6
    assert KeyPaths(tally.url).head.read_text().startswith("00000000000000000006 ")


def test_nothing_is_recorded_in_an_older_copy_and_check_reports_it(rolled_back):
    before = rolled_back.rows()
    refused = rolled_back(*CARD, "--id", "HP-2").refused()
    assert "it ends at position 5, but position 6 was acknowledged" in refused.err
    assert "tally accept-copy --reason TEXT --by NAME" in refused.err
    for words in (
        ("import", rolled_back.file("more.jsonl", batch()), "--by", "clerk"),
        ("checkpoint",),
        ("backup", rolled_back.folder / "kept.db"),
        ("copy", rolled_back.url, f"sqlite:///{rolled_back.folder}/copied.db"),
    ):
        assert "position 6 was acknowledged" in rolled_back(*words).refused().err
    assert rolled_back.rows() == before
    assert not (rolled_back.folder / "copied.db").exists()
    checked = rolled_back("check", "--json")
    assert (checked.status, kinds(checked)) == (1, [("cut", 6)])


def test_an_older_copy_is_kept_as_evidence(rolled_back):
    file = rolled_back.folder / "evidence.db"
    assert "position 6 was acknowledged" in rolled_back("backup", "--damaged", file).refused().err
    assert Tally(rolled_back.folder, file).rows() == rolled_back.rows()


def test_an_older_copy_that_went_on_otherwise_is_noticed(rolled_back):
    """Another program, or this one without the key, recorded in it."""
    key = KeyPaths(rolled_back.url).key
    key.rename(key.with_suffix(".away"))
    rolled_back(*CARD, "--id", "HP-2").ok()
    key.with_suffix(".away").rename(key)
    refused = rolled_back(*CARD, "--id", "HP-3").refused()
    assert "the event at position 6 is not the one that was acknowledged" in refused.err
    assert kinds(rolled_back("check", "--json")) == [("changed", 6)]


def test_a_missing_log_file_is_noticed(tally, tmp_path):
    """Copied while the last append is in `tally.db-wal` alone, and without that file."""
    (tmp_path / "moved").mkdir()
    with closing(sqlite3.connect(tally.path)) as reader:
        reader.execute("SELECT 1 FROM stored_events").fetchone()
        tally(*CARD, "--id", "HP-1").ok()
        assert tally.path.with_name("tally.db-wal").stat().st_size
        for end in ("", ".key", ".pub", ".head"):
            shutil.copy(f"{tally.path}{end}", tmp_path / "moved")
    moved = Tally(tmp_path / "moved")
    assert len(moved.rows()) == 5
    assert "position 6 was acknowledged" in moved(*CARD, "--id", "HP-1").refused().err
    assert kinds(moved("check", "--json")) == [("cut", 6)]


def test_an_older_copy_is_accepted_on_the_record(rolled_back):
    assert rolled_back(*ACCEPT, "--json").ok().json == {"position": 6}
    assert kept(rolled_back).position == 6
    rolled_back(*CARD, "--id", "HP-2").ok()
    (accepted,) = rolled_back("check", "--json").ok().json["accepted"]
    assert (accepted["position"], accepted["lost"]) == (6, 6)
    assert (accepted["by"], accepted["reason"]) == ("head", "磁盘损坏")
    told = "head accepted an earlier copy; what stood from here up to position 6 is lost (磁盘损坏)"
    assert told in rolled_back("check").ok().out
    assert "nothing to accept" in rolled_back(*ACCEPT).refused().err


def test_a_later_loss_is_refused_after_one_was_accepted(rolled_back):
    """At the same positions too: an acceptance is of one lost event."""
    rolled_back(*ACCEPT).ok()
    rolled_back(*CARD, "--id", "HP-2").ok()
    put_back(rolled_back)
    assert "position 7 was acknowledged" in rolled_back(*CARD, "--id", "HP-3").refused().err
    rolled_back(*ACCEPT).ok()
    rolled_back(*CARD, "--id", "HP-3").ok()
    rolled_back("check").ok()


def test_a_checkpoint_that_the_copy_does_not_reach_is_set_aside(tally):
    shutil.copy(tally.path, tally.folder / "older.db")
    tally(*CARD, "--id", "HP-1").ok()
    tally("checkpoint").ok()
    note = KeyPaths(tally.url).checkpoint.read_bytes()
    put_back(tally)
    assert {kind for kind, _ in kinds(tally("check", "--json"))} == {"cut"}
    accepted = tally(*ACCEPT).ok()
    aside = tally.folder / "tally.db.checkpoint.lost-1"
    assert f"set aside as {aside}" in accepted.err
    assert aside.read_bytes() == note
    tally("check").ok()
    tally("checkpoint").ok()
    against = tally("check", "--against", aside, "--json")
    assert "changed" in {kind for kind, _ in kinds(against)}, "who kept it learns of the loss"


def test_a_reason_is_required_and_nothing_is_written_without_one(rolled_back):
    before = rolled_back.rows()
    rolled_back("accept-copy", "--reason", "", "--by", "head").refused()
    rolled_back("accept-copy", "--by", "head").misused()
    assert rolled_back.rows() == before
    rolled_back(*CARD, "--id", "HP-2").refused()


def test_a_damaged_last_event_is_accepted_before_it_is_set_aside(tally):
    """It is not what was acknowledged, and no command can read it."""
    with closing(sqlite3.connect(tally.path)) as raw:
        raw.execute("DROP TRIGGER no_update")
        raw.execute("UPDATE stored_events SET state = x'00' WHERE position = 5")
        raw.commit()
    aside = ("set-aside", 5, "--reason", "磁盘损坏", "--by", "clerk")
    assert "is not the one that was acknowledged" in tally(*aside).refused().err
    tally(*ACCEPT).ok()
    tally(*aside).ok()
    tally("verify", "aside:5", "--by", "head").ok()
    tally(*CARD, "--id", "HP-1").ok()
    report = tally("check", "--json").json
    assert [one["lost"] for one in report["accepted"]] == [5]
    assert [one["position"] for one in report["set_aside"]] == [5]
    assert report["counts"] == {"store": 1}, "the trigger that was dropped"


def test_a_head_behind_the_ledger_refuses_nobody(tally):
    """As a writer leaves it that is killed after the commit."""
    behind = KeyPaths(tally.url).head.read_bytes()
    tally(*CARD, "--id", "HP-1").ok()
    KeyPaths(tally.url).head.write_bytes(behind)
    tally("check").ok()
    tally(*CARD, "--id", "HP-2").ok()
    assert kept(tally).position == 7


def test_a_writer_killed_between_commit_and_head_locks_nobody_out(tally):
    context = get_context("fork")
    killed = context.Process(target=_die_before_the_head, args=(tally.url,))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    assert (tally.position, kept(tally).position) == (6, 5)
    tally(*CARD, "--id", "HP-2").ok()
    tally("check").ok()


def _die_before_the_head(url):
    head = KeptHead.of(url)
    head.appended = lambda *_: os._exit(9)
    card = {"kind": "yellow_card", "id": "HP-1", "unit": "V001", "issued_on": "2016-05-12"}
    Ledger(open_store(url), Measures, head=lambda: head).record(submissions([card]), "clerk")


def test_a_damaged_head_is_reported_and_nothing_is_recorded(tally):
    KeyPaths(tally.url).head.write_bytes(b"6 \n")
    assert "tally.db.head is damaged" in tally(*CARD, "--id", "HP-1").refused().err
    assert [kind for kind, _ in kinds(tally("check", "--json"))] == ["checkpoint"]
    KeyPaths(tally.url).head.unlink()
    tally(*CARD, "--id", "HP-1").ok()
    assert kept(tally).position == 6


def test_the_head_never_goes_back_whoever_writes_it(tally):
    with closing(open_store(tally.url)) as store, ThreadPoolExecutor(8) as pool:
        heads = [KeptHead(KeyPaths(tally.url)) for _ in range(8)]
        positions = [(7 * n) % 400 + 1 for n in range(400)]
        list(pool.map(lambda n: heads[n % 8].advance(store, n, bytes(32)), positions))
    assert kept(tally) == LastEvent(400, bytes(32))


@pytest.mark.parametrize("place", ["sqlite", "postgres"])
def test_writers_that_append_at_once_leave_the_last_event(place, tmp_path, request, monkeypatch):
    """On either store; none of them takes another's append for a loss."""
    monkeypatch.setenv("TALLY_KEY", str(tmp_path / "town.key"))
    sqlite = f"sqlite:///{tmp_path}/town.db"
    url = request.getfixturevalue("postgres_url") if place == "postgres" else sqlite
    create_store(url).close()
    make_key(url)
    context = get_context("spawn")
    writers = [context.Process(target=_append, args=(url, number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    with closing(open_store(url)) as store:
        *_, last = store.raw()
        assert last.position == 40
    assert KeptHead.of(url).read() == LastEvent(40, leaf_hash(last))


def _append(url, number):
    with closing(open_store(url)) as store:
        ledger = Ledger(store, Measures, head=lambda: KeptHead.of(url))
        for n in range(10):
            unit = {"kind": "unit", "id": f"U-{number}-{n}", "name": f"样例{number}-{n}村"}
            ledger.record(submissions([{**unit, "type": "village"}]), "clerk")


def test_a_loss_on_a_server_is_noticed_by_who_holds_the_key(postgres_url, schema, server):
    """As after the server was restored from an older backup."""
    create_store(postgres_url).close()
    make_key(postgres_url)
    with closing(open_store(postgres_url)) as store:
        ledger = Ledger(store, Measures, head=lambda: KeptHead.of(postgres_url))
        ledger.record(submissions(UNITS), "clerk")
        with server.connect() as connection:
            connection.execute(f"ALTER TABLE {schema}.stored_events DISABLE TRIGGER ALL")
            query = f"DELETE FROM {schema}.stored_events WHERE notification_id = 2"
            connection.execute(query)
        ledger = Ledger(store, Measures, head=lambda: KeptHead.of(postgres_url))
        with pytest.raises(RolledBackError, match="ends at position 1, but position 2"):
            ledger.record(submissions([batch()]), "clerk")


def test_an_older_backup_restored_here_is_accepted_first(tally):
    backup = tally.folder / "kept.db"
    tally("backup", backup).ok()
    tally(*CARD, "--id", "HP-1").ok()
    tally.path.unlink()
    restored = tally("restore", backup).ok()
    assert "position 6 was acknowledged" in restored.err
    assert "tally accept-copy" in restored.err
    tally(*CARD, "--id", "HP-2").refused()
    tally(*ACCEPT).ok()
    tally(*CARD, "--id", "HP-2").ok()


def test_restored_and_copied_ledgers_keep_their_own_head(tally, tmp_path):
    tally("backup", tally.folder / "kept.db").ok()
    for name, words in {
        "restored": ("restore", tally.folder / "kept.db", "--ledger"),
        "copied": ("copy", tally.url),
    }.items():
        (tmp_path / name).mkdir()
        other = Tally(tmp_path / name)
        tally(*words, other.url).ok()
        assert kept(other) == kept(tally)
        other(*CARD, "--id", "HP-1").ok()
        assert kept(other).position == 6


def test_a_new_ledger_in_place_of_one_that_is_gone_begins_its_own_head(tally):
    tally.path.unlink()
    tally("init").ok()
    assert kept(tally).position == 1
    assert (tally.folder / "tally.db.head.old-1").read_text().startswith("00000000000000000005 ")


@pytest.fixture
def _large(monkeypatch):
    monkeypatch.setattr(read_model, "SMALL", 0)


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("reader", ["score", "record"])
def test_the_read_model_is_evidence_of_what_is_lost(tally, caplog, reader):
    """Without a head, as where only others recorded since; it is kept before it is made again."""
    shutil.copy(tally.path, tally.folder / "older.db")
    tally(*CARD, "--id", "HP-1").ok()
    tally("score", "--year", "2016").ok()
    lost = kept(tally)
    KeyPaths(tally.url).head.unlink()
    put_back(tally)
    checked = tally("check", "--json")
    assert {kind for kind, _ in kinds(checked)} == {"read_model"}
    assert "it knows position 6, but the ledger ends at 5" in checked.json["findings"][0]["message"]
    words = (*CARD, "--id", "HP-2") if reader == "record" else ("score", "--year", "2016")
    tally(*words)
    assert "it went up to position 6" in caplog.text
    assert kept(tally) == lost
    assert kinds(tally("check", "--json")) == [("cut", 6)]
    tally(*CARD, "--id", "HP-3").refused()
    tally(*ACCEPT).ok()
    tally("score", "--year", "2016").ok()
    tally(*CARD, "--id", "HP-3").ok()
    tally("check").ok()


@pytest.mark.usefixtures("_large")
def test_a_forged_read_model_is_no_evidence(tally):
    tally("score", "--year", "2016").ok()
    with closing(sqlite3.connect(read_model_path(tally.url))) as connection:
        query = "CAST(replace(header, 'position\":5', 'position\":9') AS BLOB)"
        connection.execute(f"UPDATE segments SET header = {query}")
        assert b'position":9' in connection.execute("SELECT header FROM segments").fetchone()[0]
        connection.commit()
    tally("score", "--year", "2016").ok()
    assert kept(tally).position == 5
    tally(*CARD, "--id", "HP-1").ok()
