"""The ledger goes on behind a damaged row that was set aside."""

from contextlib import closing

import pytest

from ledger.application import Ledger
from ledger.errors import DamagedLedgerError
from ledger.stores import open_store
from projections.adopted import Measures
from tests.cli.entries import UNITS
from tests.integrity.damage import (
    VERIFIED,
    built,
    figures,
    insert,
    set_aside,
    tally,
    units,
    without_guards,
)
from tests.support import submissions

__all__ = ["built", "tally", "units"]


def test_a_reader_that_stays_open_learns_of_it(tally):
    """As `serve` does: a row that was folded, since it could be decoded, is taken out again."""
    with closing(open_store(tally.url)) as store:
        ledger = Ledger(store, Measures)
        ledger.record(
            submissions([{"kind": "unit", "id": "U-9", "name": "卯村", "type": "village"}]), "c"
        )
        without_guards(tally.path)
        forged = insert(tally.path, "U-9", 9, "tally.EntryVerified", VERIFIED)
        assert ledger.state().entries["U-9"].effective
        set_aside(tally, forged)
        assert not ledger.state().entries["U-9"].effective
        assert ledger.state_at(forged).entries["U-9"].effective
        ledger.verify(["U-9"], "head")
        assert ledger.state().entries["U-9"].version == 2
    assert tally("check", "--json").ok().json["findings"] == []


def test_the_versions_of_its_stream_go_on(tally):
    """A row that was set aside keeps its version; what is recorded takes the next free ones."""
    position = insert(tally.path, "2016-9", 1, "x", b"\0")
    set_aside(tally, position)
    tally.take_in(
        {"kind": "unit", "id": "2016-9", "name": "卯村", "type": "village"}, verify_by=None
    )
    assert tally("score", "--json").ok().json["units"] == figures(tally, "--no-cache")
    tally("verify", "2016-9", "--by", "head").ok()
    tally("reverse", "2016-9", "--reason", "重复登记", "--by", "clerk", "--yes").ok()
    assert [row[2] for row in tally.rows() if row[1] == "2016-9"] == [1, 2, 3, 4]
    assert tally("check", "--json").ok().json["findings"] == []


def test_an_unverified_entry_in_a_stream_with_a_damaged_row_does_not_count(tally, monkeypatch):
    """Nor where a year's part is loaded, which asks the rows alone whether an entry is verified."""
    monkeypatch.setattr("ledger.read_model.SMALL", 0)
    batch = {
        "kind": "petition_batch",
        "id": "B-90",
        "unit": "V001",
        "matter": "M-90",
        "level": "city",
        "headcount": 5,
        "occurred_at": "2016-03-01T09:00:00",
        "abnormal": True,
    }
    before = figures(tally, "--no-cache")
    tally.take_in(batch, verify_by=None)
    unverified = figures(tally, "--no-cache")
    position = insert(tally.path, "B-90", 2, "tally.EntryVerified", b"{}")
    set_aside(tally, position)
    assert figures(tally, "--no-cache") == figures(tally) == unverified != before
    tally("verify", "--all", "--by", "head").ok()
    assert figures(tally, "--no-cache") == figures(tally) != unverified


def test_damage_that_is_not_set_aside_still_stops_reading(tally):
    first, second = (insert(tally.path, name, 1, "x", b"\0") for name in ("one", "two"))
    set_aside(tally, first)
    assert f"position {second}: " in tally("score").refused().err
    with closing(open_store(tally.url)) as store, pytest.raises(DamagedLedgerError):
        Ledger(store, Measures).state()
    set_aside(tally, second)
    tally("score").ok()


def test_refuses_to_record_on_a_damaged_ledger(tally):
    insert(tally.path, "junk", 1, "x", b"\0")
    with closing(open_store(tally.url)) as store:
        ledger = Ledger(store, Measures)
        with pytest.raises(DamagedLedgerError):
            ledger.record(submissions([{**UNITS[0], "id": "V900", "name": "辰村"}]), "clerk")


def test_pages_and_bulletin_name_it(tally, tmp_path):
    position = insert(tally.path, "junk", 1, "x", b"\0")
    set_aside(tally, position)
    tally("site", tmp_path / "site", "--year", "2016").ok()
    pages = [path.read_text() for path in (tmp_path / "site").rglob("*.html")]
    assert pages
    assert all(str(position) in page for page in pages)
    docx = pytest.importorskip("docx")
    run = tally("bulletin", "2016Q1", "-o", tmp_path / "b.docx").ok()
    assert f"position {position} is damaged" in run.err
    document = docx.Document(str(tmp_path / "b.docx"))
    text = "\n".join(one.text for one in document.paragraphs)
    assert f"台账第{position}号记录已损坏，经核定不予计入。" in text
