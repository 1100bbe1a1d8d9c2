"""`accept-copy` is done whole or done again, and counts what a checkpoint beside the key signed."""

from __future__ import annotations

import shutil

import pytest

from ledger.integrity import accepting
from ledger.integrity.keys import KeyPaths
from tests.cli.entries import UNITS
from tests.cli.running import Tally
from tests.integrity.test_head import ACCEPT, CARD, kept, put_back


@pytest.fixture
def tally(tmp_path):
    """Return a ledger at position 5 whose position 6 was acknowledged and signed."""
    made = Tally(tmp_path).founded()
    made.take_in(*UNITS)
    shutil.copy(made.path, made.folder / "older.db")
    made(*CARD, "--id", "HP-1").ok()
    made("checkpoint").ok()
    put_back(made)
    return made


def works(tally, accepted):
    """Assert that the ledger is whole, goes on, and shows these accepted losses."""
    found = tally("check", "--json").ok().json
    assert [(one["position"], one["lost"]) for one in found["accepted"]] == accepted
    assert "nothing to accept" in tally(*ACCEPT).refused().err
    tally("checkpoint").ok()
    tally(*CARD, "--id", "HP-2").ok()
    assert kept(tally).position == tally.position
    tally("check").ok()


class Killed(BaseException):
    """Ends a process where it is."""


@pytest.mark.parametrize("at", ["drop_read_model", "set_aside", "KeptHead.appended"])
def test_what_a_killed_run_left_is_done_by_the_next(tally, monkeypatch, at):
    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"{accepting.__name__}.{at}", die)
        with pytest.raises(Killed):
            tally(*ACCEPT)
    assert tally.position == 6
    assert tally(*ACCEPT, "--json").ok().json == {"position": 6}
    assert (tally.folder / "tally.db.checkpoint.lost-1").exists()
    works(tally, [(6, 6)])


def test_a_checkpoint_alone_shows_a_loss_that_is_accepted(tally):
    """The head is gone, as of a ledger from before there was one."""
    KeyPaths(tally.url).head.unlink()
    assert "its checkpoint states 6" in tally("checkpoint").refused().err
    assert tally(*ACCEPT, "--json").ok().json == {"position": 6}
    works(tally, [(6, 6)])


def test_a_checkpoint_beyond_a_head_that_is_behind_is_accepted(tally):
    """As a power cut leaves it that took the head's last seconds."""
    KeyPaths(tally.url).head.unlink()
    tally(*CARD, "--id", "HP-3").ok()
    assert kept(tally).position == 6
    assert tally(*ACCEPT, "--json").ok().json == {"position": 7}
    works(tally, [(7, 6)])


def test_of_two_at_once_one_records_and_both_are_done(tally, monkeypatch):
    """The second has looked before the first recorded."""
    own = accepting.reason_text

    def meanwhile(reason):
        monkeypatch.setattr(accepting, "reason_text", own)
        tally(*ACCEPT).ok()
        return own(reason)

    monkeypatch.setattr(accepting, "reason_text", meanwhile)
    assert tally(*ACCEPT, "--json").ok().json == {"position": 6}
    works(tally, [(6, 6)])


def test_a_malformed_checkpoint_is_no_loss_by_itself(tally):
    places = KeyPaths(tally.url)
    places.checkpoint.write_bytes(b"x")
    places.head.unlink()
    before = tally.rows()
    assert "tally.db.checkpoint is not" in tally(*ACCEPT).refused().err
    assert tally.rows() == before
