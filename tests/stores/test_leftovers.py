"""A process that is killed leaves nothing behind that stops the next one."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from ledger.stores import parts
from tests.cli.entries import OF_EACH_KIND, UNITS
from tests.cli.running import ROOT, Tally

KILLED = """
import os, signal, sys
from unittest import mock
target, place = sys.argv[1].split(":")
module = __import__(target, fromlist=["x"])
original = getattr(module, place)

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, place, kill)
if sys.argv[2] == "after":
    def kill_after(*given, **more):
        original(*given, **more)
        kill()
    setattr(module, place, kill_after)
from cli.main import main
main(sys.argv[3:])
"""


def killed_in(place, when, *words):
    """Run a command in a process that kills itself in a function, or after it."""
    given = [sys.executable, "-c", KILLED, place, when, *map(str, words)]
    assert subprocess.run(given, cwd=ROOT, check=False).returncode == -signal.SIGKILL


@pytest.fixture
def office(tmp_path):
    (tmp_path / "office").mkdir()
    tally = Tally(tmp_path / "office").founded()
    tally.take_in(*UNITS, *OF_EACH_KIND)
    return tally


PLACES = [
    ("ledger.integrity.transfer:leaf_hashes", "before"),
    ("ledger.stores.sqlite:put_in_place", "before"),
    ("ledger.stores.sqlite:put_in_place", "after"),
]
"""Where a process is killed: while it copies, when all is written, when the file has its name."""


@pytest.mark.parametrize(("place", "when"), PLACES, ids=["copied", "written", "in place"])
@pytest.mark.parametrize("command", ["restore", "copy", "init"])
def test_a_killed_command_leaves_no_half_made_ledger(office, tmp_path, command, place, when):
    office("backup", tmp_path / "b.db").ok()
    new = Tally(tmp_path / "new", tmp_path / "new" / "tally.db")
    new.folder.mkdir()
    words = {
        "restore": ["restore", tmp_path / "b.db", "--ledger", new.url],
        "copy": ["copy", office.url, new.url],
        "init": ["init", "--ledger", new.url],
    }[command]
    if command == "init" and place.startswith("ledger.integrity"):
        place = "cli.commands.init:make_key"
    killed_in(place, when, *words)
    if when == "before":
        assert not new.path.exists()
        new(*words).ok()
    new("check").ok()
    new("checkpoint").ok()  # it has its key
    assert new.position == (1 if command == "init" else office.position)
    assert [path.name for path in new.folder.iterdir() if ".part" in path.name] == []


@pytest.mark.parametrize(
    ("place", "when"),
    [
        ("ledger.integrity.backup:sign_head", "before"),
        ("ledger.integrity.backup:put_in_place", "before"),
        ("ledger.stores.parts:sync", "after"),
    ],
    ids=["copied", "written", "flushed"],
)
def test_a_killed_backup_is_not_in_the_way(office, tmp_path, place, when):
    file = tmp_path / "usb" / "b.db"
    file.parent.mkdir()
    killed_in(place, when, "backup", file, "--ledger", office.url)
    assert not file.exists() or when == "after"
    office("backup", file).ok()
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "b.db",
        "b.db.checkpoint",
        "b.db.pub",
    ]
    Tally(tmp_path, tmp_path / "new.db")("restore", file).ok()


def test_a_ledger_whose_maker_was_killed_before_it_removed_its_own_name_is_read(tmp_path):
    """For a moment a new file has two names."""
    tally = Tally(tmp_path).founded()
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    os.link(tally.path, tmp_path / f"tally.db.{gone.pid}.part")
    tally("score").ok()
    assert list(tmp_path.glob("*.part")) == []


def test_refuses_to_make_a_ledger_that_another_process_is_making(tmp_path):
    """And says which file to remove if that process is gone and cannot be seen."""
    tally = Tally(tmp_path)
    part = tmp_path / f"tally.db.{os.getppid()}.part"
    part.touch()
    error = tally("init").refused().err
    assert "another process is making a ledger there" in error
    assert f"remove {part}" in error
    assert [path.name for path in tmp_path.iterdir()] == [part.name]
    part.unlink()
    tally("init").ok()


def test_a_file_system_without_links_holds_a_new_ledger_and_a_backup(tmp_path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(parts.os, "link", no_links)
    tally = Tally(tmp_path)
    tally("init").ok()
    tally("backup", tmp_path / "b.db").ok()
    assert "exists already" in tally("backup", tmp_path / "b.db").refused().err
    with closing(sqlite3.connect(tmp_path / "b.db")) as raw:
        assert raw.execute("SELECT count(*) FROM stored_events").fetchone() == (1,)
