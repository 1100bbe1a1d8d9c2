"""`tally packet` refuses what it cannot prove, says what to do, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.entries import UNITS
from tests.cli.running import Tally
from tests.integrity.towns import Town
from tests.packet.packets import made, verified
from tests.pages.conftest import THROUGH

DAY = ["--through", THROUGH]


@pytest.fixture
def tally(town, tmp_path):
    """Return `tally` on a copy of the town."""
    return town.copy(tmp_path / "town")


def refused(tally, *words):
    """Return the message of a refusal, which leaves no file."""
    path = tally.folder / "out.zip"
    run = tally("packet", *words, "-o", path).refused()
    assert run.out == ""
    assert not path.exists()
    return run.err


def test_unknown_units_and_periods_are_refused(tally):
    assert "unit: V009 is not in this ledger; `tally score` shows" in refused(tally, "V009", "2016")
    assert "unit: B-1 is of kind petition_batch, not a unit" in refused(tally, "B-1", "2016", *DAY)
    known = "PERIOD: 2016Q9 is not a period of the measure; one of 2016, 2016Q1, 2016Q2"
    assert known in refused(tally, "V001", "2016Q9", *DAY)
    assert "year 2019 has no measure: adopt one" in refused(tally, "V001", "2019")
    begun = "PERIOD: 2016Q4 has not begun on 2016-05-31"
    assert begun in refused(tally, "V001", "2016Q4", *DAY)
    assert "--as-of: the ledger ends at position" in refused(tally, "V001", "2016", "--as-of", 9999)
    assert tally("packet", "V001", "spring", "-o", "x.zip").misused()
    assert "Missing option" in tally("packet", "V001", "2016Q2").misused().err
    assert ".zip" in tally("packet", "V001", "2016Q2", "-o", "x.pdf").misused().err


def test_a_checkpoint_must_cover_what_is_shown(tally):
    """With what to do about it; the position that the message names can be packed."""
    covered = tally.position
    tally.take_in({"kind": "unit", "id": "V009", "name": "丁村", "type": "village"})
    said = refused(tally, "V001", "2016Q2", *DAY)
    assert f"the last checkpoint covers {covered} events, not position {covered + 2}; run " in said
    assert f"`tally checkpoint` first, or add --as-of {covered}" in said
    assert verified(made(tally, "V001", "2016Q2", *DAY, "--as-of", covered))[0] == 0
    tally("checkpoint").ok()
    assert verified(made(tally, "V001", "2016Q2", *DAY))[0] == 0


def test_a_ledger_without_a_checkpoint_or_a_key_is_refused(empty, tally):
    assert "has no checkpoint yet; run `tally checkpoint` first" in refused(empty, "V001", "2016")
    key = Path(f"{tally.path}.key")
    key.rename(tally.folder / "elsewhere.key")
    said = refused(tally, "V001", "2016Q2", *DAY)
    assert "there is no key to sign with; name its file with TALLY_KEY" in said
    key.write_text("nonsense")
    key.chmod(0o600)
    assert "it is not a private key of signed notes" in refused(tally, "V001", "2016Q2", *DAY)


@pytest.fixture
def empty(tmp_path):
    """Return `tally` on a ledger of a village that nobody signed."""
    tally = Tally(tmp_path).founded()
    tally.take_in(*UNITS)
    return tally


def test_a_changed_ledger_is_refused(tally):
    """A row that is not the one that was signed."""
    with Town(tally.path).without_triggers() as raw:
        raw.execute("UPDATE stored_events SET state = replace(state, '甲村', '丁村')")
    assert "events are not those that were signed" in refused(tally, "V001", "2016Q2", *DAY)


def test_an_existing_packet_is_replaced_whole_and_a_folder_is_refused(tally):
    path = made(tally, "V001", "2016Q2", *DAY)
    path.write_bytes(b"old")
    assert verified(made(tally, "V001", "2016Q2", *DAY))[0] == 0
    (tally.folder / "d.zip").mkdir()
    run = tally("packet", "V001", "2016Q2", *DAY, "-o", tally.folder / "d.zip").refused()
    assert "cannot be written: it is a folder" in run.err
    run = tally("packet", "V001", "2016Q2", *DAY, "-o", tally.folder / "no" / "d.zip").refused()
    assert "the folder" in run.err


def test_nothing_is_recorded(tally):
    before = tally.stored()
    made(tally, "V001", "2016Q2", *DAY)
    assert tally.stored() == before
