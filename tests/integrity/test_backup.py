"""Back up while others write, and restore only what was signed."""

import random
import shutil
import subprocess
from contextlib import closing

import pytest

from ledger.integrity.check import Check
from ledger.integrity.keys import load_key, load_verifiers
from ledger.stores import create_store, open_store
from tests.cli.running import Tally
from tests.integrity.towns import Town
from tests.stores.workers import CONTEXT, write


@pytest.fixture
def tally(town):
    return Tally(town.path.parent, town.path)


@pytest.fixture
def saved(tally, tmp_path):
    """A backup in a folder of its own."""
    (tmp_path / "usb").mkdir()
    tally("backup", tmp_path / "usb" / "b.db").ok()
    return tmp_path / "usb" / "b.db"


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_backup_is_one_file_with_checkpoint_and_public_key(town, saved):
    assert names(saved.parent) == {"b.db", "b.db.checkpoint", "b.db.pub"}
    copy = Town(saved)
    assert copy.rows() == town.rows()
    assert copy.kept() == town.kept()
    assert copy.check().findings == []


def test_a_disk_that_is_mounted_read_only_is_named(tally, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", disk]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a file system here")
    try:
        error = tally("backup", disk / "b.db").refused().err
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
    assert error == f"tally: {disk}/b.db cannot be written: unable to open database file\n"


def test_restored_ledger_equals_the_original(town, saved, tmp_path):
    tally = Tally(tmp_path, tmp_path / "new.db")
    run = tally("restore", saved).ok()
    assert "compare it with a copy kept elsewhere" in run.err
    again = Town(tally.path)
    assert again.rows() == town.rows()
    assert again.kept() == town.kept()
    report = again.check()
    assert (report.findings, report.uncovered) == ([], None)
    assert load_key(again.url).name == load_key(town.url).name
    again.record([{"kind": "unit", "id": "V003", "name": "丁村", "type": "village"}])
    again.checkpoint()
    assert again.check().checkpoints == 4


def test_restore_keeps_a_key_that_is_still_there(town, saved, tmp_path):
    """The ledger was lost, its key was not."""
    town.path.unlink()
    tally = Tally(tmp_path, town.path)
    key = load_key(town.url)
    tally("restore", saved, "--key", town.places.public).ok()
    assert load_key(town.url) == key
    assert town.check().findings == []


def test_restores_into_an_empty_ledger_only(saved, tmp_path):
    tally = Tally(tmp_path, tmp_path / "new.db")
    create_store(tally.url).close()
    tally("restore", saved).ok()
    assert tally("check", "--json").ok().json["checkpoints"] == 3
    before = tally.rows()
    assert "holds events or checkpoints already" in tally("restore", saved).refused().err
    assert tally.rows() == before


def test_restore_does_not_write_beside_the_backup(saved, tmp_path):
    before = {path: path.read_bytes() for path in saved.parent.iterdir()}
    Tally(tmp_path, tmp_path / "new.db")("restore", saved).ok()
    assert {path: path.read_bytes() for path in saved.parent.iterdir()} == before


def test_backup_overwrites_nothing(tally, saved):
    before = saved.read_bytes()
    assert "exists already" in tally("backup", saved).refused().err
    assert saved.read_bytes() == before
    run = tally("backup", saved.parent / "none" / "b.db").refused()
    assert "does not exist; make it first" in run.err


def test_refuses_to_back_up_a_damaged_ledger(town, tally, tmp_path):
    with town.without_triggers() as raw:
        raw.execute("DELETE FROM stored_events WHERE position = 5")
    (tmp_path / "usb").mkdir()
    error = tally("backup", tmp_path / "usb" / "b.db").refused().err
    assert error.startswith(f"tally: {town.url}: ")
    assert "run `tally check`" in error
    assert names(tmp_path / "usb") == set()


@pytest.mark.parametrize(
    "places", [20, pytest.param(1_000, marks=pytest.mark.slow)], ids=["20", "1000"]
)
def test_damaged_backup_is_refused_or_restored_exactly(town, saved, tmp_path, places):
    """With any bit flipped: refused and nothing left, or restored exactly as it was."""
    whole, rows = saved.read_bytes(), town.rows()
    folder = tmp_path / "target"
    for place in range(places):
        chance = random.Random(place)
        changed = bytearray(whole)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        saved.write_bytes(changed)
        folder.mkdir()
        run = Tally(folder)("restore", saved)
        if run.status == 0:
            assert Town(folder / "tally.db").rows() == rows
        else:
            run.refused()
            assert names(folder) == set(), place
        shutil.rmtree(folder)


def test_refuses_incomplete_and_exchanged_backups(town, saved, tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    note = saved.with_name("b.db.checkpoint")
    whole, signed = saved.read_bytes(), note.read_text()

    def refused(words):
        assert words in Tally(folder)("restore", saved).refused().err
        assert names(folder) == set()

    saved.write_bytes(whole[: len(whole) // 2])
    refused("b.db")
    saved.write_bytes(b"")
    refused("is not a ledger")
    saved.write_bytes(whole)
    note.write_text(town.kept()[1][1])
    refused("its checkpoint states")
    note.write_text(signed.replace("\n", "\r\n"))
    refused("the backup is not accepted")
    note.unlink()
    refused("b.db.checkpoint cannot be read")
    note.write_text(signed)
    saved.with_name("b.db.pub").unlink()
    refused("is not a file of public keys")
    saved.unlink()
    saved.with_name("b.db.pub").write_text(f"{load_key(town.url).verifier}\n")
    refused("b.db cannot be read")


def test_backup_while_others_write_holds_one_moment(tmp_path):
    """Each backup is a prefix of the ledger, and no writer is refused."""
    town = Town.build(tmp_path / "town.db")
    tally = Tally(tmp_path, town.path)
    start = CONTEXT.Event()
    writers = [
        CONTEXT.Process(target=write, args=(town.url, f"W{n}", 12, 25, start)) for n in range(2)
    ]
    for writer in writers:
        writer.start()
    start.set()
    backups = []
    while any(writer.is_alive() for writer in writers):
        backups.append(tmp_path / f"b{len(backups)}.db")
        tally("backup", backups[-1]).ok()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    rows = town.rows()
    sizes = []
    for path in backups:
        held = Town(path).rows()
        assert held == rows[: len(held)]
        with closing(open_store(f"sqlite:///{path}")) as store:
            report = Check(store, load_verifiers(town.url)).run()
        assert (report.findings, report.uncovered) == ([], None)
        sizes.append(len(held))
    assert sizes == sorted(sizes)
    assert len(rows) == 1_200 + sizes[0] or len(set(sizes)) > 1
    print(f"{len(backups)} backups of {sizes[0]} to {sizes[-1]} of {len(rows)} events")
    town.checkpoint()
    assert town.check().findings == []


def test_refuses_to_back_up_without_a_key(tally, town, tmp_path):
    town.places.key.unlink()
    (tmp_path / "usb").mkdir()
    assert "no key to sign with" in tally("backup", tmp_path / "usb" / "b.db").refused().err
    assert names(tmp_path / "usb") == set()
