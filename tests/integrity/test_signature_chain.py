"""A signature binds an append to what stood before; what is set aside excuses nothing else."""

import sqlite3
from contextlib import closing

import pytest
from eventsourcing.persistence import StoredEvent

from ledger.events import EntryVerified
from tests.integrity.accounts import AT, Office, at_once, recorded, town


@pytest.fixture
def office(tmp_path):
    made = town(f"sqlite:///{tmp_path}/tally.db")
    yield made
    made.store.close()


def copy(office, tmp_path):
    """Return a practice copy of the ledger, under the same keys."""
    with closing(sqlite3.connect(tmp_path / "tally.db")) as raw:
        raw.execute("VACUUM INTO ?", (f"{tmp_path}/practice.db",))
    return Office(f"sqlite:///{tmp_path}/practice.db", office.keys)


def replay(rows, office):
    """Append rows of another copy of the ledger as they are."""
    office.store.recorder.insert_events([StoredEvent(*row[1:]) for row in rows], as_found=True)


def junk(office, name):
    """Append a row that cannot be read; return its position."""
    row = StoredEvent(name, 77, "tally.AppendSigned", b'{"junk":1}')
    office.store.recorder.insert_events([row], as_found=True)
    return office.store.position()


# ---- what stood before
def test_a_verification_replayed_from_a_practice_copy_is_found(office, tmp_path):
    """It was signed behind another content of the entry that it verifies."""
    practice = copy(office, tmp_path)
    practice.record("小李", 9)
    practice.verify("王主任", 9)
    practice.store.close()
    office.record("小李", 9, name="另一村")
    replay(practice.rows()[12:], office)
    words = (
        "王主任 signed the events 13–13 behind another event than the one that is before them: it "
        "was changed, or they are of another copy of the ledger"
    )
    assert office.wrong() == [(14, words)]
    assert office.check().four_eyes.proved == 2


def test_an_account_replayed_from_a_practice_copy_is_none(office, tmp_path):
    practice = copy(office, tmp_path)
    practice.record("小李", 9)
    practice.open("赵某", "verifier", "王主任")
    practice.store.close()
    office.record("小李", 9, name="另一村")
    replay(practice.rows()[12:], office)
    assert "account:赵某" not in office.ledger.signing.accounts()
    assert [position for position, _ in office.wrong()] == [14]


def test_a_signature_that_is_replaced_breaks_the_next_append(office):
    """Each append states the row before it, which is the signature of the one before."""
    state = office.rows()[6].state.replace(b'"rows":2', b'"rows":2 ')
    office.change("state", state, 7)
    assert [position for position, _ in office.wrong()] == [10]


def test_the_first_account_states_what_stood_before_it(tmp_path):
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.record("clerk", 1, 2)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    assert office.wrong() == []
    state = office.rows()[0].state
    office.change("state", state.replace("村".encode(), "庄".encode()), 1)
    words = "other events stood before the first account when it was opened"
    assert office.wrong() == [(4, words)]
    # What is proved of accounts does not hang on it.
    office.record("小李", 3)
    assert office.wrong() == [(4, words)]
    office.store.close()


def test_appends_at_once_are_a_chain(office):
    """Who comes second decides again, and states the row that came first."""
    other = Office(office.url, office.keys)
    at_once(office, other)
    other.store.close()
    assert office.wrong() == []
    assert office.store.position() == 10 + 2 * 20


# ---- what was set aside
def test_an_append_behind_a_row_that_was_set_aside_stays_proved(office):
    office.record("王主任", 9)
    office.open("陈副主任", "verifier", "王主任")
    office.change("state", b"{", 12)
    office.set_aside(12)
    office.verify("陈副主任", 9)
    report = office.check()
    assert (report.findings, report.four_eyes.accounts) == ([], 3)
    assert report.four_eyes.unproved == [(11, 11)]


def test_of_a_signature_that_was_set_aside_its_events_are_said_not_to_be_proved(office):
    office.record("小李", 9)
    office.change("state", b"{", 7)
    office.set_aside(7)
    report = office.check()
    assert report.findings == []
    assert report.four_eyes.as_json() == {
        "two_keys": 0,
        "names_as_typed": 2,
        "accounts": 2,
        "unproved": [(5, 6)],
    }
    (sentence,) = report.four_eyes.unproved_sentences()
    assert sentence == (
        "the events 5–6 are not proved: one of them, or the signature of their append, was set "
        "aside"
    )


def test_of_an_append_of_which_a_row_was_set_aside_nothing_is_proved(office):
    office.record("小李", 9, 10)
    office.change("state", b"{", 12)
    office.set_aside(12)
    office.verify("王主任", 9)
    report = office.check()
    assert (report.findings, report.four_eyes.unproved) == ([], [(11, 12)])
    assert report.four_eyes.proved == 2


def test_a_row_set_aside_before_the_first_account_leaves_those_before_unproved(tmp_path):
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.record("clerk", 1, 2)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.change("state", b"{", 2)
    office.set_aside(2)
    report = office.check()
    assert (report.findings, report.four_eyes.unproved) == ([], [(1, 2)])
    office.store.close()


@pytest.mark.parametrize("name", ["junk", "signed:11"])
def test_forged_rows_before_a_junk_row_that_was_set_aside_are_still_found(office, name):
    office.record("小李", 9)
    office.insert("V009", 2, EntryVerified(at=AT, by="王主任"))
    office.set_aside(junk(office, name))
    words = "the events 13–13 were appended without a signature of an account"
    assert office.wrong() == [(13, words)]
    assert office.check().four_eyes.unproved == []


def test_a_forged_signature_beside_a_junk_row_that_was_set_aside_is_still_found(office):
    office.insert("V009", 1, recorded(9))
    aside = junk(office, "junk")
    stolen = office.rows()[6].state
    position = office.sign("小李", office.keys["小李"], 11)
    signed = office.rows()[-1].state
    assert stolen.endswith(signed[-20:]) is False
    office.change("state", signed[:-130] + stolen[-130:], position)
    office.set_aside(aside)
    assert office.wrong() == [(13, "the signature of 小李 was forged or changed")]
