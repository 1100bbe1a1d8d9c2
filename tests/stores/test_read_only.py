"""A ledger in a folder that may only be read: a stick, an archive, somebody else's folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
import traceback
from contextlib import closing
from datetime import date

import pytest

from cli.sample import sample_year
from ledger.errors import StoreError
from ledger.integrity.backup import backup
from ledger.integrity.check import Check
from ledger.integrity.note import Signer
from ledger.read_model.read_model import open_read_model
from ledger.stores import create_store, open_store
from projections.scores import score_year
from projections.year_loader import load_year
from tests.cli.running import Tally
from tests.stores.stored import RULEBOOK, Clock, ledger
from tests.support import shown, submissions

NOBODY = 65_534
DAY = date(2016, 11, 30)


def as_a_reader(work):
    """Do it as a user who may only read; in a child process if the tests are run by root."""
    if os.geteuid():
        work()
        return
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setuid(NOBODY)
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - the exit status reports it to the parent
            traceback.print_exc()
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def let_readers_in(folder):
    """Let other users pass through a folder and those above it that are ours."""
    for above in (folder, *folder.parents):
        if above.stat().st_uid == os.geteuid() and above != above.parent:
            above.chmod(above.stat().st_mode | 0o011)


@pytest.fixture
def ledger_and_scores(tmp_path, monkeypatch):
    """The URL of a ledger in a read-only folder, and its scores."""
    monkeypatch.setattr("ledger.read_model.SMALL", 0)
    folder = tmp_path / "stick"
    folder.mkdir()
    let_readers_in(tmp_path)
    url = f"sqlite:///{folder}/tally.db"
    store = create_store(url)
    made = ledger(store, Clock())
    made.record(submissions(sample_year()), "clerk", "head")
    right = shown(score_year(made.state(), RULEBOOK, 2016, DAY))
    store.close()
    folder.chmod(0o555)
    yield url, right
    folder.chmod(0o755)


@pytest.mark.parametrize("own", [True, False], ids=["folder of his own", "none"])
def test_read_only_ledger_is_scored_and_checked_but_not_written(
    ledger_and_scores, tmp_path, monkeypatch, own
):
    """A reader has a read model in his own folder, if he has one."""
    url, right = ledger_and_scores
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777 if own else 0o555)
        monkeypatch.setenv(name, str(tmp_path / name))

    def work():
        store = open_store(url)
        head = store.recorder.max_notification_id()
        part = load_year(store, RULEBOOK.calendar.span(2016), head)
        assert shown(score_year(part, RULEBOOK, 2016, DAY)) == right
        model = open_read_model(url, store)
        assert (model is not None) == own
        if model is not None:
            assert model.database.path.is_relative_to(tmp_path / "XDG_CACHE_HOME")
            model.close()
        report = Check(store, []).run()
        assert (report.size, report.findings) == (head, [])
        with pytest.raises(StoreError, match="it is read-only"):
            ledger(store, Clock()).record(
                submissions([{**sample_year()[0], "id": "V999"}]), "clerk"
            )
        store.close()

    as_a_reader(work)


def test_read_only_ledger_with_a_log_is_read_and_backed_up_with_it(tmp_path):
    """As after a crash, or of both files copied to a stick: the newest events are in the log."""
    folder, out = tmp_path / "stick", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    let_readers_in(tmp_path)
    out.chmod(0o777)
    tally = Tally(tmp_path / "office")
    tally.folder.mkdir()
    tally.founded()
    with closing(sqlite3.connect(tally.path)) as reader:
        # As long as somebody reads, the log is kept.
        reader.execute("SELECT 1 FROM stored_events").fetchone()
        tally.take_in({"kind": "unit", "id": "V001", "name": "甲村", "type": "village"})
        for path in tally.folder.glob("tally.db*"):
            if not path.name.endswith(("-shm", ".view")):
                shutil.copy(path, folder)
    for path in folder.iterdir():
        path.chmod(0o444)
    before = {path.name for path in folder.iterdir()}
    assert "tally.db-wal" in before
    folder.chmod(0o555)

    def work():
        store = open_store(f"sqlite:///{folder}/tally.db")
        assert store.position() == 3
        assert len(list(store.raw())) == 3
        key = Signer.make("tally/00")
        backup(store, out / "b.db", key, [])
        with pytest.raises(StoreError, match="it is read-only"):
            ledger(store, Clock()).record(
                submissions([{"kind": "unit", "id": "V9", "name": "丑村", "type": "village"}]), "c"
            )
        store.close()
        copy = open_store(f"sqlite:///{out}/b.db")
        assert copy.position() == 3
        copy.close()

    as_a_reader(work)
    folder.chmod(0o755)
    assert {path.name for path in folder.iterdir()} == before
