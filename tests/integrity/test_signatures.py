"""Each append is signed by an account that may make it; `check` proves that, or says where not."""

import pytest

from ledger import codec
from ledger.account_proofs import AccountKey, signed_text, verifies
from ledger.accounts import account_id
from ledger.errors import EntriesRefusedError
from ledger.events import (
    AccountClosed,
    AccountKeyReset,
    AppendSigned,
    EntryVerified,
    ObjectionRaised,
)
from ledger.signing import Signing
from tests.integrity.accounts import AT, Office, opened, recorded, town, village
from tests.support import submissions


@pytest.fixture
def office(tmp_path):
    made = town(f"sqlite:///{tmp_path}/tally.db")
    yield made
    made.store.close()


# ---- what is appended
def test_each_append_ends_with_one_signature_whatever_it_holds(office):
    names = [row.originator_id for row in office.rows()]
    assert names == [
        *("account:王主任", "signed:1", "account:小李", "signed:3"),
        *("V001", "V002", "signed:5", "V001", "V002", "signed:8"),
    ]
    assert office.record("小李", *range(10, 20)).position == 21


def test_every_verified_entry_is_proved_by_two_accounts_with_two_keys(office):
    office.record("小李", 3)
    report = office.check()
    assert report.findings == []
    assert report.four_eyes.as_json() == {
        "two_keys": 2,
        "names_as_typed": 0,
        "accounts": 2,
        "unproved": [],
    }


def test_entries_verified_before_the_first_account_are_names_as_typed(tmp_path):
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.ledger.record(submissions([village(1), village(2)]), "clerk", "head")
    office.record("clerk", 3)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.record("小李", 4)
    office.verify("王主任")
    report = office.check()
    assert report.findings == []
    # V003 was recorded under a typed name, so one of its two names is proved and not both.
    assert report.four_eyes.as_json() == {
        "two_keys": 1,
        "names_as_typed": 3,
        "accounts": 2,
        "unproved": [],
    }
    office.store.close()


def test_a_ledger_without_accounts_is_signed_by_nobody(tmp_path):
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.ledger.record(submissions([village(1)]), "clerk", "head")
    assert [row.topic for row in office.rows()] == ["tally.UnitRecorded", "tally.EntryVerified"]
    assert office.check().four_eyes.as_json() == {
        "two_keys": 0,
        "names_as_typed": 1,
        "accounts": 0,
        "unproved": [],
    }
    office.store.close()


def test_the_text_that_is_signed_is_fixed():
    before, leaves = bytes(range(32)).hex(), bytes(range(32, 64)).hex()
    signature = AppendSigned(
        at=AT, by="小李", first=5, rows=2, before=before, leaves=leaves, key="", signature=""
    )
    assert signed_text(signature) == (
        b"tally.append/1\n5\n2\n2026-03-01T02:00:00.000000Z\n\xe5\xb0\x8f\xe6\x9d\x8e\n"
        b"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
        b"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"
    )


def test_keys_and_signatures_are_those_of_rfc_8032():
    """Section 7.1, test 2."""
    seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    key = AccountKey(bytes.fromhex(seed))
    assert (key.public, key.sign(b"\x72")) == (public, signature)
    assert verifies(public, b"\x72", signature)
    assert not verifies(public, b"\x73", signature)
    assert seed not in repr(key)


# ---- who may what
@pytest.mark.parametrize(
    ("role", "records", "verifies", "opens"),
    [
        ("clerk", True, False, False),
        ("verifier", True, True, True),
        ("auditor", False, False, False),
        ("unit", False, False, False),
    ],
)
def test_roles_append_what_they_may_and_nothing_else(office, role, records, verifies, opens):
    unit = "V001" if role == "unit" else None
    office.open("某人", role, "王主任", unit=unit)
    office.record("小李", 5)
    for may, act in (
        (records, lambda: office.record("某人", 6)),
        (verifies, lambda: office.verify("某人", 5)),
        (opens, lambda: office.open("新人", "auditor", "某人")),
    ):
        before = office.store.position()
        if may:
            act()
            assert office.store.position() == before + 2
        else:
            with pytest.raises(EntriesRefusedError, match=f"某人 has the role {role}"):
                act()
            assert office.store.position() == before
    assert office.check().findings == []


def test_a_unit_objects_for_itself_alone(office):
    office.open("翠岭村", "unit", "王主任", unit="V001")
    office.ledger.object("V001", "V001", "名称有误", "翠岭村")
    with pytest.raises(EntriesRefusedError, match="objects for the unit V001 and not for V002"):
        office.ledger.object("V002", "V002", "名称有误", "翠岭村")
    assert office.check().findings == []


def test_nobody_verifies_what_they_recorded(office):
    office.record("王主任", 7)
    with pytest.raises(EntriesRefusedError, match="was recorded by 王主任; somebody else"):
        office.verify("王主任", 7)


@pytest.mark.parametrize("by", ["小 李", "小李。", "小李 "])
def test_a_name_is_the_account_however_it_is_spelled(office, by):
    office.record(by.strip(), 8)
    assert office.store.position() == 12
    assert b'"by":"\xe5\xb0\x8f\xe6\x9d\x8e"' in office.rows()[-1].state


@pytest.mark.parametrize("by", ["clerk", "。", "王 主任 2"])
def test_others_append_nothing(office, by):
    with pytest.raises(
        EntriesRefusedError, match="is no account of this ledger; one of 王主任, 小李"
    ):
        office.record(by, 8)
    assert office.store.position() == 10


def test_a_closed_account_appends_nothing(office):
    office.close("小李", "王主任")
    with pytest.raises(EntriesRefusedError, match="小李 was closed at position 11"):
        office.record("小李", 8)
    assert office.check().findings == []


def test_an_account_closed_meanwhile_appends_nothing(office, monkeypatch):
    """Another writer closes it after its key was unlocked."""
    unlock = Signing.unlock

    def unlocked(self, by):
        unlock(self, by)
        monkeypatch.undo()
        other = Office(office.url, office.keys)
        other.close("小李", "王主任")
        other.store.close()

    monkeypatch.setattr(Signing, "unlock", unlocked)
    with pytest.raises(EntriesRefusedError, match="小李 was closed at position 11"):
        office.record("小李", 8)
    assert office.check().findings == []


def test_verifying_at_once_is_for_ledgers_without_accounts(office):
    with pytest.raises(EntriesRefusedError, match="verify --import N --by 王主任"):
        office.record("小李", 8, verify_by="王主任")


def test_a_reset_leaves_what_the_old_key_signed_and_uses_the_new_one(office):
    office.reset("小李", "王主任")
    office.record("小李", 8)
    office.reset("王主任", "王主任")
    office.verify("王主任", 8)
    assert office.check().findings == []
    assert office.check().four_eyes.proved == 3


@pytest.mark.parametrize(
    ("name", "role", "by", "words"),
    [
        ("小 李", "clerk", "王主任", "is or looks like the account 小李"),
        ("王主仼", "clerk", "小李", "role clerk"),
        ("。。", "clerk", "王主任", "a letter or a digit"),
        ("新人", "clerk", None, "say which verifier"),
        ("新人", "unit", "王主任", "--unit"),
    ],
)
def test_an_opening_is_refused(office, name, role, by, words):
    with pytest.raises(EntriesRefusedError, match=words):
        office.open(name, role, by)
    assert office.store.position() == 10


def test_the_first_account_is_a_verifier_and_the_last_one_stays(tmp_path):
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    with pytest.raises(EntriesRefusedError, match="open a verifier first"):
        office.open("小李", "clerk")
    office.open("王主任", "verifier")
    with pytest.raises(EntriesRefusedError, match="the last verifier"):
        office.close("王主任", "王主任")
    office.store.close()


# ---- attacks on the file
def test_a_row_without_a_signature_is_found(office):
    """A stolen password of the database, and no key."""
    position = office.insert("V009", 1, recorded(9))
    words = f"the events {position}–{position} were appended without a signature of an account"
    assert office.wrong() == [(position, words)]


def test_a_row_without_a_signature_is_found_before_a_signed_append(office):
    position = office.insert("V009", 1, recorded(9))
    office.insert("V009", 2, EntryVerified(at=AT, by="王主任"))
    office.record("小李", 10)
    words = f"the events {position}–{position + 1} were appended without a signature of an account"
    assert office.wrong() == [(position, words)]
    assert office.check().four_eyes.as_json() == {
        "two_keys": 2,
        "names_as_typed": 1,
        "accounts": 2,
        "unproved": [],
    }


def test_a_forged_signature_is_found(office):
    office.insert("V009", 1, recorded(9))
    forged = AccountKey.make()
    position = office.sign("小李", forged)
    assert office.wrong() == [(position, "is signed by another key than that of 小李")]


def test_a_forged_signature_under_the_id_of_the_right_key_is_found(office):
    office.insert("V009", 1, recorded(9))
    position = office.sign("小李", office.keys["小李"])
    assert office.wrong() == []
    row = office.rows()[-1]
    other = row.state.replace(b'"signature":"', b'"signature":"00')[:-4] + b'"}'
    office.change("state", other, position)
    assert office.wrong() == [(position, "the signature of 小李 was forged or changed")]


@pytest.mark.parametrize("position", [5, 6])
def test_a_row_changed_after_it_was_signed_is_found(office, position):
    row = office.rows()[position - 1]
    office.change("state", row.state.replace("村".encode(), "庄".encode()), position)
    assert office.wrong() == [(7, "the events 5–6 are not those that 小李 signed")]
    assert office.check().four_eyes.as_json()["two_keys"] == 0


def test_a_swapped_key_is_found(office):
    """A row gives the clerk another key; what that key signs is proved by nobody."""
    key = AccountKey.make()
    first = office.insert(
        account_id("小李"), 2, AccountKeyReset(at=AT, by="王主任", public=key.public, reason="换")
    )
    office.sign("小李", key, first)
    assert office.wrong() == [(12, "is signed by another key than that of 小李")]


def test_an_account_that_opens_itself_is_found(office):
    key = AccountKey.make()
    office.insert(account_id("赵某"), 1, opened("赵某", key))
    office.sign("赵某", key)
    assert office.wrong() == [(12, "is signed by 赵某, which is no account")]


def test_one_key_for_two_accounts_is_found(office):
    office.insert(account_id("赵某"), 1, opened("赵某", office.keys["小李"]))
    office.sign("王主任", office.keys["王主任"])
    assert (11, "has the key of account:小李; each account has its own") in office.wrong()


def test_a_signature_moved_to_another_place_is_found(office):
    row = office.rows()[6]
    office.insert("V009", 1, recorded(9))
    office.insert("signed:11", 1, codec.decode(row.topic, row.state))
    found = office.check().findings
    assert {one.kind for one in found} == {"unreadable", "signature"}
    assert any("state is of another append" in one.message for one in found)


def test_a_signature_of_too_few_rows_is_found(office):
    office.insert("V009", 1, recorded(9))
    office.insert("V010", 1, recorded(10))
    position = office.sign("小李", office.keys["小李"], 12)
    assert position == 13
    words = "the events 11–11 were appended without a signature of an account"
    assert office.wrong() == [(11, words)]


def test_a_signature_that_states_another_number_of_rows_is_found(office):
    office.insert("V009", 1, recorded(9))
    position = office.sign("小李", office.keys["小李"], 11, rows=2)
    assert office.wrong()[-1] == (
        position,
        "is a signature of other positions: it was moved, or rows were",
    )


def test_an_account_closed_before_it_signed_is_found(office):
    office.close("小李", "王主任")
    office.insert("V009", 1, recorded(9))
    position = office.sign("小李", office.keys["小李"])
    assert office.wrong() == [(position, "is signed by 小李, which was closed at position 11")]


def test_a_closing_that_nobody_signed_is_found(office):
    position = office.insert(
        account_id("小李"), 2, AccountClosed(at=AT, by="王主任", reason="调离")
    )
    words = f"the events {position}–{position} were appended without a signature of an account"
    assert office.wrong() == [(position, words)]


@pytest.mark.parametrize(
    ("recorder", "by", "words"),
    [
        ("王主任", "小李", "小李 has the role clerk, which appends no event “verified”"),
        ("小李", "王主任", "小李 signed what 王主任 did"),
    ],
)
def test_what_an_account_may_not_append_is_found_though_it_signed(office, recorder, by, words):
    office.record(recorder, 9)
    office.insert("V009", 2, EntryVerified(at=AT, by=by))
    position = office.sign("小李", office.keys["小李"])
    assert office.wrong() == [(position, words)]


def test_an_objection_for_another_unit_is_found(office):
    office.open("翠岭村", "unit", "王主任", unit="V001")
    raised = ObjectionRaised(at=AT, by="翠岭村", unit="V002", entry="V002", reason="有误")
    office.insert("objection:V002.O", 1, raised)
    position = office.sign("翠岭村", office.keys["翠岭村"])
    assert office.wrong() == [
        (position, "翠岭村 objects for the unit V001 and not for V002"),
    ]
