"""Ledgers in which somebody with a key of an account did what the account may not do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.events import EntryRecorded, EntryVerified
from ledger.integrity.checkpoint import sign_head
from ledger.integrity.keys import load_key, make_key
from ledger.kinds import BUILT_IN
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.integrity.accounts import AT, Office
from tests.packet.packets import made, signed_again, wrong
from tests.pages.conftest import THROUGH
from tests.support import submissions


@pytest.fixture
def office(tmp_path):
    """Return an office of a verifier and a clerk, with a village."""
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    make_key(office.url)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.ledger.record(submissions(UNITS), "小李")
    office.ledger.verify(None, "王主任")
    return office


def verified_by(office, recorder, verifier):
    """Record a batch and verify it by a row of another program, without the ledger's rules."""
    office.ledger.record(submissions([batch()]), recorder)
    office.insert("B-1", 2, EntryVerified(at=AT, by=verifier))


def recorded_batch():
    entry = BUILT_IN.validate(json.dumps(batch()).encode())
    return EntryRecorded(at=AT, by="小李", import_number=None, entry=entry)


def signed(office):
    """Sign the ledger although `tally check` finds it wrong; return `tally` on it."""
    sign_head(office.store, load_key(office.url), [])
    office.store.close()
    path = Path(office.url.removeprefix("sqlite:///"))
    return Tally(path.parent, path)


def found(office):
    return wrong(made(signed(office), "V001", "2016Q2", "--through", THROUGH))


def test_a_verification_by_a_clerk_is_found(office):
    verified_by(office, "小李", "小李")
    office.sign("小李", office.keys["小李"], first=office.store.position())
    assert "小李 may not append the event at position" in found(office)[0]


def test_a_verification_under_another_name_is_found(office):
    """The clerk's key, the verifier's name in the event."""
    verified_by(office, "小李", "王主任")
    office.sign("小李", office.keys["小李"], first=office.store.position())
    assert "小李 may not append the event at position" in found(office)[0]


def test_a_verification_by_the_recorder_is_found(office):
    verified_by(office, "王主任", "王主任")
    office.sign("王主任", office.keys["王主任"], first=office.store.position())
    assert "B-1 was recorded and verified by one" in found(office)[0]


def test_a_signature_by_another_key_is_found(office):
    verified_by(office, "小李", "王主任")
    office.sign("王主任", office.keys["小李"], first=office.store.position())
    assert "the signature of 王主任 of the events from" in found(office)[0]


@pytest.mark.parametrize("change", ["close", "reset"])
def test_a_signature_moved_before_the_end_of_its_key_is_found(office, tmp_path, change):
    """The old key signs a batch; the append that closed or reset it is put behind."""
    old = office.keys["小李"]
    getattr(office, change)("小李", "王主任")
    ended = office.store.position()
    office.insert("B-1", 1, recorded_batch())
    office.sign("小李", old, first=ended + 1)
    office.ledger.verify(["B-1"], "王主任")

    def moved(files):
        found = files["signatures.json"]["appends"]
        found.sort(key=lambda one: one["signature"] == ended)

    tally = signed(office)
    packet = made(tally, "V001", "2016Q2", "--through", THROUGH)
    assert "the signature of 小李 of the events from" in wrong(packet)[0]
    forged = signed_again(packet, office.url, moved, tmp_path / "forged.zip")
    assert "the signatures are not in the order of the ledger" in wrong(forged)[0]


def test_a_verification_without_a_signature_is_not_packed(office):
    verified_by(office, "小李", "王主任")
    tally = signed(office)
    run = tally("packet", "V001", "2016Q2", "--through", THROUGH, "-o", tally.folder / "x.zip")
    said = "was appended without a signature of an account; run `tally check`"
    assert said in run.refused().err
