"""A ledger's key is kept outside it, readable by its owner only, and never shared."""

import os
import stat

import pytest

from ledger.integrity.errors import KeyFileError
from ledger.integrity.keys import (
    KeyPaths,
    adopt_key,
    find_key,
    load_key,
    load_verifiers,
    make_key,
)
from ledger.integrity.note import Signer
from tests.cli.running import Tally

needs_modes = pytest.mark.skipif(os.name != "posix", reason="file modes exist on POSIX only")


@needs_modes
def test_init_makes_the_key_beside_the_file(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    key = tmp_path / "tally.db.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    signer = load_key(tally.url)
    assert signer.name.startswith("tally/")
    assert len(signer.name) == len("tally/") + 16
    assert load_verifiers(tally.url) == [signer.verifier]
    assert (tmp_path / "tally.db.pub").read_text() == f"{signer.verifier}\n"
    assert signer.secret().encode() not in tally.path.read_bytes()


def test_init_sets_aside_the_key_of_a_ledger_that_is_gone(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    old = (tmp_path / "tally.db.key").read_bytes()
    tally.path.unlink()
    run = tally("init").ok()
    assert "tally.db.key.old-1" in run.err
    assert (tmp_path / "tally.db.key.old-1").read_bytes() == old
    assert (tmp_path / "tally.db.key").read_bytes() != old
    tally.path.unlink()
    assert "tally.db.key.old-2" in tally("init").ok().err


def test_init_does_not_move_a_key_named_by_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TALLY_KEY", str(tmp_path / "own.key"))
    tally = Tally(tmp_path)
    tally("init").ok()
    tally.path.unlink()
    run = tally("init").refused()
    assert "own.key is already the key of a ledger" in run.err
    assert not tally.path.exists()


def test_second_init_is_refused(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    assert "holds a ledger already" in tally("init").refused().err


@needs_modes
def test_refuses_a_key_that_others_can_read(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    (tmp_path / "tally.db.key").chmod(0o640)
    run = tally("checkpoint").refused()
    assert "can be read by others (mode 640)" in run.err
    assert "chmod 600" in run.err
    assert "whole" in tally("check").ok().out


def test_refuses_a_damaged_and_a_missing_key(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    key = tmp_path / "tally.db.key"
    text = key.read_text()
    key.write_text(text[:-6] + "\n")
    run = tally("checkpoint").refused()
    assert "not a private key" in run.err
    assert text[20:40] not in run.err
    key.unlink()
    run = tally("checkpoint").refused()
    assert "there is no key to sign with" in run.err
    assert "--new-key" in run.err


def test_new_key_keeps_the_origin_and_older_signatures(town):
    old = load_key(town.url)
    town.places.key.unlink()
    tally = Tally(town.path.parent, town.path)
    tally.take_in({"kind": "unit", "id": "V009", "name": "x", "type": "village"})
    tally("checkpoint", "--new-key").ok()
    new = load_key(town.url)
    assert new.name == old.name
    assert new != old
    assert load_verifiers(town.url) == [new.verifier, old.verifier]
    report = town.check()
    assert report.findings == []
    assert report.checkpoints == 4
    assert "is already the key of a ledger" in tally("checkpoint", "--new-key").refused().err


def test_environment_names_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("TALLY_KEY", str(tmp_path / "safe" / "office.key"))
    tally = Tally(tmp_path)
    tally("init").ok()
    assert not (tmp_path / "tally.db.key").exists()
    made = {path.name for path in (tmp_path / "safe").iterdir()}
    assert made == {"office.key", "office.pub", KeyPaths(tally.url).head.name}
    tally("checkpoint").ok()
    assert (tmp_path / "safe" / "office.checkpoint").exists()


def test_a_named_key_has_a_head_for_each_ledger(tmp_path, monkeypatch):
    monkeypatch.setenv("TALLY_KEY", str(tmp_path / "office.key"))
    assert KeyPaths("postgresql://db/tally?schema=a").head.name == "office-db-tally-a.head"
    ours = f"sqlite:///{tmp_path}/tally.db"
    name = KeyPaths(ours).head.name
    assert name.startswith("office-")
    assert name.endswith("-tally.db.head")
    (tmp_path / "linked").symlink_to(tmp_path)
    assert KeyPaths(f"sqlite:///{tmp_path}/linked/tally.db").head.name == name
    assert KeyPaths(f"sqlite:///{tmp_path}/other/tally.db").head.name != name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://clerk:secret@db.example/tally?schema=jiacun", "db.example-tally-jiacun"),
        ("postgresql://db:5433/tally", "db-5433-tally-public"),
        ("postgresql:///tally?host=/run/pg", "%2Frun%2Fpg-tally-public"),
    ],
)
def test_postgresql_key_is_in_the_configuration_folder(url, name, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert KeyPaths(url).key == tmp_path / "tally" / f"{name}.key"
    made = make_key(url)
    assert find_key(url) == made
    assert stat.S_IMODE((tmp_path / "tally").stat().st_mode) == 0o700


def test_moved_ledger_gets_a_key(tmp_path):
    """Its own key, or a new one of its origin, or the one that is already there."""
    signer = Signer.make("tally/one")
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in "abc"]
    adopt_key(urls[0], signer, [signer.verifier])
    assert load_key(urls[0]) == signer
    adopt_key(urls[1], None, [signer.verifier])
    assert load_key(urls[1]).name == "tally/one"
    assert load_verifiers(urls[1]) == [load_key(urls[1]).verifier, signer.verifier]
    there = make_key(urls[2])
    adopt_key(urls[2], signer, [signer.verifier])
    assert load_key(urls[2]) == there
    assert load_verifiers(urls[2]) == [there.verifier, signer.verifier]


def test_refuses_an_invalid_file_of_public_keys(tmp_path):
    (tmp_path / "x.pub").write_text("no key\n")
    with pytest.raises(KeyFileError, match="is not a file of public keys"):
        load_verifiers("sqlite:///none.db", tmp_path / "x.pub")
    with pytest.raises(KeyFileError, match="is not a file of public keys"):
        load_verifiers("sqlite:///none.db", tmp_path / "missing.pub")
    assert load_verifiers(f"sqlite:///{tmp_path}/none.db") == []
