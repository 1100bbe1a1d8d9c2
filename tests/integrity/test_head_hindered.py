"""The last acknowledged event where its file cannot be locked or seen, and under a shared key."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from eventsourcing.persistence import PersistenceError

from ledger.errors import StoreError
from ledger.integrity import head
from ledger.integrity.head import KeptHead
from ledger.integrity.keys import KeyPaths
from ledger.integrity.leaves import LastEvent
from ledger.stores import open_store
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.stores.test_read_only import as_a_reader, let_readers_in

fcntl = pytest.importorskip("fcntl", reason="file locks of POSIX")

CARD = ("record", "yellow_card", "--unit", "V001", "--issued-on", "2016-05-12", "--by", "clerk")
UNWRITTEN = "so a later loss would not be noticed"


@pytest.fixture
def tally(tmp_path):
    """Return a ledger with two villages, at position 5."""
    made = Tally(tmp_path).founded()
    made.take_in(*UNITS)
    return made


def kept(tally):
    return KeptHead(KeyPaths(tally.url)).read()


def test_who_holds_a_lock_on_the_head_stops_no_writer_and_no_check(tally, monkeypatch):
    """Whoever may read the file may lock it, for as long as he likes."""
    monkeypatch.setattr(head, "_PATIENCE", 0.05)
    with KeyPaths(tally.url).head.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tally("check").ok()
        tally(*CARD, "--id", "HP-1").ok()
        assert kept(tally).position == 6


def test_the_head_is_kept_on_a_file_system_without_locks(tally, monkeypatch, caplog):
    def flock(*_):
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(fcntl, "flock", flock)
    tally("check").ok()
    tally(*CARD, "--id", "HP-1").ok()
    assert kept(tally).position == 6
    assert UNWRITTEN not in caplog.text


def test_an_empty_head_is_none(tally):
    """As a full disk leaves it, or a writer that made it and has not written yet."""
    KeyPaths(tally.url).head.write_bytes(b"")
    assert kept(tally) is None
    tally("check").ok()
    tally(*CARD, "--id", "HP-1").ok()
    assert kept(tally).position == 6


def test_a_link_in_the_place_of_the_head_changes_no_other_file(tally, caplog):
    """Whoever may write in the folder could name there a file that is not his."""
    other = tally.folder / "other"
    other.touch(mode=0o600)
    head_path = KeyPaths(tally.url).head
    head_path.unlink()
    head_path.symlink_to(other)
    with closing(open_store(tally.url)) as store:
        KeptHead(KeyPaths(tally.url)).advance(store, 5, bytes(32))
    assert UNWRITTEN in caplog.text
    assert (other.read_bytes(), other.stat().st_mode & 0o777) == (b"", 0o600)


@pytest.mark.parametrize("error", [StoreError("x"), PersistenceError("x"), sqlite3.Error("x")])
def test_what_fails_after_the_commit_is_a_warning(tally, monkeypatch, caplog, error):
    """The last row of a long append is read again, and so is the acceptance of a loss."""

    def fail(*_):
        raise error

    monkeypatch.setattr("ledger.appending._last_row", fail)
    assert tally(*CARD, "--id", "HP-1", "--json").ok().json["position"] == 6
    assert UNWRITTEN in caplog.text
    caplog.clear()
    monkeypatch.setattr(head, "is_accepted", fail)
    with closing(open_store(tally.url)) as store:
        KeptHead(KeyPaths(tally.url)).advance(store, 1, bytes(32))
    assert UNWRITTEN in caplog.text


def test_ledgers_under_one_key_have_their_own_heads(tmp_path, monkeypatch):
    """Who practises on a copy does not lock the ledger; its own loss is noticed all the same."""
    monkeypatch.setenv("TALLY_KEY", str(tmp_path / "safe" / "town.key"))
    for name in ("real", "practice"):
        (tmp_path / name).mkdir()
    tally = Tally(tmp_path / "real").founded()
    tally.take_in(*UNITS)
    practice = Tally(tmp_path / "practice")
    shutil.copy(tally.path, practice.path)
    tally("copy", tally.url, f"sqlite:///{tmp_path}/copied.db").ok()
    for other in (practice, Tally(tmp_path, tmp_path / "copied.db")):
        other.take_in(batch())
        assert KeyPaths(other.url).key == KeyPaths(tally.url).key
        assert kept(other).position == 7
    assert kept(tally).position == 5
    tally(*CARD, "--id", "HP-1").ok()
    tally("backup", tmp_path / "kept.db").ok()
    shutil.copy(tmp_path / "copied.db", tally.path)
    refused = tally(*CARD, "--id", "HP-2").refused()
    assert "the event at position 6 is not the one that was acknowledged" in refused.err


@pytest.fixture
def shared(tmp_path):
    """Return a ledger that every user may write, in a folder for all."""
    folder = tmp_path / "shared"
    folder.mkdir()
    let_readers_in(tmp_path)
    folder.chmod(0o777)
    return Tally(folder)


def test_who_may_not_look_at_the_key_works_without_a_head(shared, tmp_path, monkeypatch):
    """`init` makes the folder of the key for its user alone."""
    (tmp_path / "other").mkdir()
    other = Tally(tmp_path / "other").founded()
    other.take_in(*UNITS)
    monkeypatch.setenv("TALLY_KEY", str(tmp_path / "safe" / "town.key"))
    shared.founded().take_in(*UNITS)
    assert (tmp_path / "safe").stat().st_mode & 0o777 == 0o700
    shared.path.chmod(0o666)

    def run(tally):
        tally("score", "--year", "2016").ok()
        tally("list").ok()
        tally("check").ok()
        tally(*CARD, "--id", "HP-1").ok()
        return (
            tally("checkpoint"),
            tally("backup", tally.folder / "kept.db"),
            tally("accept-copy", "--reason", "磁盘损坏", "--by", "head"),
        )

    def work():
        with pytest.raises(PermissionError):
            KeyPaths(shared.url).key.exists()
        for signing in run(shared):
            signing.refused()

    with monkeypatch.context() as patch:
        patch.delenv("TALLY_KEY")
        run(other)  # another user may not be able to import what the commands need
    if os.geteuid() == 0:
        as_a_reader(work)
        assert kept(shared) == LastEvent(5, kept(shared).leaf)
        shared(*CARD, "--id", "HP-2").ok()
        assert kept(shared).position == 7


def test_who_may_write_the_ledger_may_move_its_head_on(shared, caplog):
    """The head has the mode and the group of the ledger's file, also after they change."""
    shared.founded().take_in(*UNITS)
    shared.path.chmod(0o666)
    group = os.getgid() if os.geteuid() else 4711
    os.chown(shared.path, -1, group)
    shared(*CARD, "--id", "HP-1").ok()
    found = KeyPaths(shared.url).head.stat()
    assert (found.st_mode & 0o777, found.st_gid) == (0o666, group)

    def work():
        shared(*CARD, "--id", "HP-2").ok()
        assert kept(shared).position == 7
        assert UNWRITTEN not in caplog.text

    as_a_reader(work)
