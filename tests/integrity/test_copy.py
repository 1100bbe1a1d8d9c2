"""A ledger copied between stores keeps events, times and root."""

from contextlib import closing

import pytest

from ledger.integrity import transfer as transferring
from ledger.integrity.check import Check
from ledger.integrity.keys import KeyPaths, load_key, load_verifiers
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.transfer import StoredEvents
from ledger.stores import open_store
from tests.cli.running import Tally
from tests.integrity.damage import JUNK, built, insert, set_aside, units

__all__ = ["built", "units"]


@pytest.fixture
def tally(town):
    return Tally(town.path.parent, town.path)


@pytest.fixture(params=["sqlite", "postgres"])
def target(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/copy.db"
    pytest.importorskip("psycopg")
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def damaged(built, tmp_path):
    """A ledger without guards, with an entry of each kind."""
    return built[0].copy(tmp_path / "office")


def held(url):
    with closing(open_store(url)) as store:
        return list(store.raw()), store.checkpoints.kept(), root_of(leaf_hashes(store))


def test_copy_there_and_back_is_equal(town, tally, target, tmp_path):
    assert "the roots are equal" in tally("copy", town.url, target).ok().out
    assert held(target) == held(town.url)
    with closing(open_store(target)) as store:
        report = Check(store, load_verifiers(target), None, KeyPaths(target)).run()
    assert (report.findings, report.checkpoints) == ([], 3)
    assert load_key(target) == load_key(town.url)
    back = f"sqlite:///{tmp_path}/back.db"
    found = tally("copy", target, back, "--json").ok().json
    assert found["position"] == len(town.rows())
    assert held(back) == held(town.url)


def test_copy_takes_the_checkpoint_and_the_leaves_beside_the_key_along(town, tally, target):
    """So a row that is changed in the copy is named, and a tail that is cut is missed."""
    tally("copy", town.url, target).ok()
    ours, theirs = KeyPaths(town.url), KeyPaths(target)
    assert theirs.checkpoint.read_bytes() == ours.checkpoint.read_bytes()
    assert theirs.leaves.read_bytes() == ours.leaves.read_bytes()


def test_copy_refuses_a_source_that_lacks_what_was_signed_beside_its_key(town, tally, target):
    with town.without_triggers() as raw:
        raw.execute("DELETE FROM stored_events WHERE position > 5")
        raw.execute("DELETE FROM checkpoints WHERE size > 5")
    assert "run `tally check`" in tally("copy", town.url, target).refused().err


def test_ledger_on_a_server_is_backed_up_to_a_file(town, tally, target, tmp_path):
    tally("copy", town.url, target).ok()
    (tmp_path / "usb").mkdir()
    tally("backup", tmp_path / "usb" / "b.db", "--ledger", target).ok()
    restored = f"sqlite:///{tmp_path}/restored.db"
    tally("restore", tmp_path / "usb" / "b.db", "--ledger", restored).ok()
    assert held(restored) == held(town.url)


@pytest.mark.parametrize("junk", JUNK)
def test_row_that_was_set_aside_arrives_as_it_is(damaged, units, target, tmp_path, junk):
    """By `copy`, by `backup` and `restore`, and back again from a server."""
    set_aside(damaged, insert(damaged.path, *JUNK[junk]))
    damaged("checkpoint").ok()
    damaged("copy", damaged.url, target).ok()
    assert held(target) == held(damaged.url)
    copy = Tally(tmp_path)
    there = "--ledger", target
    assert copy("check", *there, "--json").ok().json["findings"] == []
    assert copy("score", *there, "--json").ok().json["units"] == units
    copy("backup", tmp_path / "b.db", *there).ok()
    restored = f"sqlite:///{tmp_path}/restored.db"
    copy("restore", tmp_path / "b.db", "--ledger", restored).ok()
    assert held(restored) == held(damaged.url)


def test_says_that_logins_stay_on_the_server(town, tally, target, tmp_path):
    """Neither a copy nor a backup holds who was logged in (`history`'s session_user)."""
    tally("copy", town.url, target).ok()
    runs = (
        tally("copy", target, f"sqlite:///{tmp_path}/back.db").ok(),
        tally("backup", tmp_path / "b.db", "--ledger", target).ok(),
    )
    for run in runs:
        assert ("not copied" in run.err) == target.startswith("postgresql")


def test_restores_a_row_that_was_set_aside_to_a_server(damaged, postgres_url, tmp_path):
    position = insert(damaged.path, "junk", 1, "x", b"\0")
    set_aside(damaged, position)
    damaged("backup", tmp_path / "b.db").ok()
    damaged("restore", tmp_path / "b.db", "--ledger", postgres_url).ok()
    assert held(postgres_url)[0] == held(damaged.url)[0]


def test_row_that_a_server_cannot_hold_is_refused_with_the_reason(damaged, postgres_url):
    position = insert(damaged.path, "U\0", 1, "x", b"\0")
    set_aside(damaged, position)
    error = damaged("copy", damaged.url, postgres_url).refused().err
    assert "no text with a zero byte" in error
    assert held(postgres_url)[0] == []


def test_row_on_a_server_is_set_aside(damaged, units, server, schema, postgres_url):
    """What the owner inserted by SQL; nobody else can."""
    damaged("copy", damaged.url, postgres_url).ok()
    there = "--ledger", postgres_url
    junk = len(damaged.rows()) + 1
    with server.connect() as database:
        insert_junk = f"INSERT INTO {schema}.stored_events VALUES (%s, 'junk', 1, 'x', '')"
        database.execute(insert_junk, (junk,))
    assert f"`tally set-aside {junk}`" in damaged("score", *there).refused().err
    damaged("set-aside", junk, "--reason", "非本系统写入", "--by", "clerk", *there).ok()
    damaged("verify", f"aside:{junk}", "--by", "head", *there).ok()
    assert damaged("score", *there, "--json").ok().json["units"] == units
    assert damaged("check", *there, "--json").ok().json["findings"] == []


def test_refuses_a_target_with_events(town, tally, target):
    tally("copy", town.url, target).ok()
    before = held(target)
    assert "holds events or checkpoints already" in tally("copy", town.url, target).refused().err
    assert held(target) == before


def test_refuses_a_damaged_source_and_removes_the_target(town, tally, target, tmp_path):
    with town.without_triggers() as raw:
        raw.execute("DELETE FROM stored_events WHERE position = 5")
    assert "run `tally check`" in tally("copy", town.url, target).refused().err
    if target.startswith("sqlite"):
        assert not (tmp_path / "copy.db").exists()
    else:
        assert held(target)[0] == []


def test_refuses_a_target_that_differs_and_removes_it(town, tally, tmp_path, monkeypatch):
    """The disk of the target loses an event."""
    real = transferring.leaf_hashes

    def losing(store, to=None):
        hashes = real(store, to)
        return hashes if store.url == town.url else hashes[:-1]

    monkeypatch.setattr(transferring, "leaf_hashes", losing)
    run = tally("copy", town.url, f"sqlite:///{tmp_path}/copy.db").refused()
    assert "do not use it" in run.err
    assert not (tmp_path / "copy.db").exists()


def test_copies_an_empty_ledger(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    tally("copy", tally.url, f"sqlite:///{tmp_path}/copy.db").ok()
    assert held(f"sqlite:///{tmp_path}/copy.db") == held(tally.url)


def test_stored_events_behave_as_a_sequence(shared_town):
    with shared_town.store() as store:
        events = StoredEvents(store, 20)
        listed = list(events)
        assert len(events) == len(listed) == 20
        assert (events[0], events[19], events[-1]) == (listed[0], listed[19], listed[19])
        assert events[3:7] == listed[3:7]
        assert events[7:7] == []
        with pytest.raises(IndexError):
            events[20]
