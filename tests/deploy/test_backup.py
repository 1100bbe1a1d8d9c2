"""The nightly back-up leaves a status by which a monitor alarms, whatever goes wrong."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally, environment_with
from tests.deploy.conftest import DEPLOY

HOUR = 3_600


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    made = Tally(tmp_path_factory.mktemp("kept")).founded()
    made.take_in(*UNITS, batch())
    return made


@pytest.fixture
def town(kept, tmp_path):
    """`tally` on a ledger of two villages and a batch, and an empty folder for back-ups."""
    (tmp_path / "backups").mkdir()
    return kept.copy(tmp_path / "town")


@pytest.fixture
def folder(town):
    return town.folder.parent / "backups"


def script(town, *words, environment=(), **more):
    """Run backup.sh on a ledger."""
    program = town.folder / "program"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cli.main "$@"\n')
    program.chmod(0o755)
    given = {"TALLY_LEDGER": town.url, "TALLY": str(program), **dict(environment)}
    return subprocess.run(
        [DEPLOY / "backup.sh", *words],
        env=environment_with(given),
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def status(folder):
    return json.loads((folder / "status.json").read_text())


def critical(town, folder, *hours):
    """Return the last line that the monitor gets; it must be told that this is critical."""
    run = script(town, "--status", folder, *hours)
    assert run.returncode == 2, run.stdout
    return run.stdout.splitlines()[-1].removeprefix("tally backup CRITICAL: ")


def damage(town):
    """Change a recorded headcount behind the ledger's back."""
    with closing(sqlite3.connect(town.path)) as connection:
        query = "SELECT sql FROM sqlite_schema WHERE name = 'no_update'"
        (trigger,) = connection.execute(query).fetchone()
        connection.execute("DROP TRIGGER no_update")
        connection.execute(
            "UPDATE stored_events SET state = CAST(replace(state, '\"headcount\":3', "
            "'\"headcount\":9') AS BLOB)"
        )
        connection.execute(trigger)
        connection.commit()


def test_a_good_run_leaves_a_backup_that_can_be_restored_and_says_so(town, folder):
    """Position 7, as of the fixture; a checkpoint is kept in the ledger too."""
    run = script(town, folder)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    found = status(folder)
    good = found["last_good"]
    assert (found["result"], found["step"], found["message"]) == ("ok", "done", "")
    assert found["time"] == good["time"]
    assert good["backup"]["position"] == 7
    assert good["backup"]["root"] == town("check", "--json").ok().json["root"]
    assert good["backup"]["file"] == str(folder / good["name"])
    assert "checkpoints compared: 1" in town("check").ok().out
    restored = Tally(folder.parent)
    restored("restore", folder / good["name"]).ok()
    assert restored.rows() == town.rows()
    assert script(town, "--status", folder).returncode == 0
    assert (folder / good["name"]).stat().st_mode & 0o077 == 0


def test_the_ledger_must_extend_the_last_backup(town, folder):
    """An older copy, without its head, is whole in itself; the checkpoint of the backup tells."""
    shutil.copytree(town.folder, folder.parent / "before")
    town("record", "yellow_card", "--unit", "V001", "--issued-on", "2016-03-01", "--by", "a").ok()
    assert script(town, folder).returncode == 0
    good = status(folder)["last_good"]
    for one in town.folder.glob("tally.db*"):
        one.unlink()
    for one in (folder.parent / "before").glob("tally.db*"):
        shutil.copy(one, town.folder)
    (town.folder / "tally.db.head").unlink(missing_ok=True)
    town("check").ok()
    assert script(town, folder).returncode == 1
    found = status(folder)
    assert (found["result"], found["step"], found["last_good"]) == ("failed", "check", good)
    assert "the events 8–8, which were signed, are missing" in found["message"]
    assert critical(town, folder) == "the last run failed"


def test_of_a_damaged_ledger_the_last_good_backup_stays(town, folder):
    assert script(town, folder).returncode == 0
    good = status(folder)["last_good"]
    damage(town)
    time.sleep(1.1)  # the name of a backup has its second
    run = script(town, folder)
    assert run.returncode == 1
    found = status(folder)
    assert (found["result"], found["step"], found["last_good"]) == ("failed", "check", good)
    assert found["message"] in run.stderr
    assert "the events 1–7 are not those that were signed" in found["message"]
    assert [one.name for one in folder.glob("*.db")] == [good["name"]]
    assert critical(town, folder) == "the last run failed"


def test_a_damaged_ledger_is_not_backed_up_the_first_time(town, folder):
    town("checkpoint").ok()
    damage(town)
    assert script(town, folder).returncode == 1
    assert status(folder)["last_good"] is None
    assert list(folder.glob("*.db")) == []


def test_a_disk_that_takes_no_more_is_told(town, folder):
    """Files may have 40 KB: the status fits, and what SQLite shares, but not the backup."""
    assert town.path.stat().st_size > 40_960
    assert script(town, folder).returncode == 0
    good = status(folder)["last_good"]
    time.sleep(1.1)

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_960, 40_960))

    run = script(town, folder, preexec_fn=limited)
    assert run.returncode == 1
    found = status(folder)
    assert (found["result"], found["last_good"]) == ("failed", good)
    assert found["step"] == "backup"
    assert [one.name for one in folder.glob("*.db")] == [good["name"]]
    assert critical(town, folder) == "the last run failed"


def test_without_a_folder_nothing_is_called_good(town, folder):
    folder.rmdir()
    run = script(town, folder)
    assert run.returncode == 1
    assert f"{folder}/status.json cannot be written" in run.stderr
    assert critical(town, folder) == f"{folder} has no status.json: no run has ended"


def test_a_status_that_cannot_be_replaced_does_not_stay_good(town, folder):
    """A folder of the name that the new file would have stands for a full disk."""
    assert script(town, folder).returncode == 0
    (folder / "status.json.new").mkdir()
    (folder / "status.json.new" / "new").mkdir()
    damage(town)
    assert script(town, folder).returncode == 1
    assert "no run has ended" in critical(town, folder)


@pytest.mark.parametrize(("hours", "words"), [((), "26 hours"), (("50",), "50 hours")])
def test_alarms_when_the_last_good_backup_is_too_old(town, folder, hours, words):
    assert script(town, folder).returncode == 0
    limit = int(words.split()[0]) * HOUR
    for age, good in ((limit - 600, True), (limit + 600, False)):
        then = time.time() - age
        os.utime(folder / "last-good.json", (then, then))
        if good:
            assert script(town, "--status", folder, *hours).returncode == 0
        else:
            assert critical(town, folder, *hours) == f"the last good backup is older than {words}"


def test_alarms_when_the_file_of_the_last_good_backup_is_gone(town, folder):
    assert script(town, folder).returncode == 0
    (folder / status(folder)["last_good"]["name"]).unlink()
    assert critical(town, folder) == f"the last good backup is gone from {folder}"


def test_keeps_as_many_as_are_wanted_and_touches_nothing_else(town, folder):
    for name in ("tally-20160101T000000Z.db", "tally-20160102T000000Z.db", "ours.db", "tally-x.db"):
        (folder / name).write_text("")
    (folder / "tally-20160101T000000Z.db.pub").write_text("")
    assert script(town, folder, environment={"TALLY_KEEP": "2"}).returncode == 0
    made = status(folder)["last_good"]["name"]
    assert {one.name for one in folder.iterdir()} == {
        *(made, f"{made}.checkpoint", f"{made}.pub", "status.json", "last-good.json"),
        *("tally-20160102T000000Z.db", "ours.db", "tally-x.db"),
    }


@pytest.mark.parametrize(
    "words",
    [[], ["--what"], ["a", "b"], ["--status"], ["--status", "a", "soon"], [""]],
    ids=str,
)
def test_wrong_usage_is_told(town, words):
    run = script(town, *words)
    assert run.returncode == 2
    assert run.stderr.startswith("usage: backup.sh FOLDER")


def test_a_program_that_is_missing_is_told(town, folder):
    run = script(town, folder, environment={"TALLY": "/nowhere/tally"})
    assert run.returncode == 1
    assert "/nowhere/tally" in status(folder)["message"]
