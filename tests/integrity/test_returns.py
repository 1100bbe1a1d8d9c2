"""What `check` finds of entries that were sent back: forged, twice, by who recorded them."""

import pytest

from ledger.errors import EntriesRefusedError
from ledger.events import EntryReturned
from tests.integrity.accounts import AT, Office, town
from tests.integrity.damage import insert

WHY = "名称有误"


def returned(by):
    return EntryReturned(at=AT, by=by, reason=WHY)


@pytest.fixture
def office(tmp_path):
    """A ledger of accounts in which V009 awaits verification."""
    found = town(f"sqlite:///{tmp_path}/tally.db")
    found.record("小李", 9)
    yield found
    found.store.close()


@pytest.fixture
def typed(tmp_path):
    """The same without accounts: names as typed."""
    found = Office(f"sqlite:///{tmp_path}/typed.db")
    found.record("小李", 9)
    yield found
    found.store.close()


def findings(office):
    return [(one.position, str(one.message)) for one in office.check().findings]


def test_a_verifier_sends_back_and_signs_it(office):
    office.ledger.send_back(["V009"], WHY, "王主任")
    assert [row.topic for row in office.rows()][-2:] == [
        *("tally.EntryReturned", "tally.AppendSigned")
    ]
    assert findings(office) == []


def test_a_clerk_sends_nothing_back(office):
    office.open("小张", "clerk", "王主任")
    with pytest.raises(EntriesRefusedError, match="appends no event “returned”"):
        office.ledger.send_back(["V009"], WHY, "小张")


def test_a_return_signed_by_a_clerk_is_found(office):
    office.open("小张", "clerk", "王主任")
    office.insert("V009", 2, returned("小张"))
    position = office.sign("小张", office.keys["小张"])
    words = "小张 has the role clerk, which appends no event “returned”"
    assert office.wrong() == [(position, words)]


def test_a_return_by_who_recorded_the_entry_is_found(typed):
    position = typed.insert("V009", 2, returned("小李"))
    words = "was recorded by 小李; correct it (`tally correct`) or take it back (`tally reverse`)"
    assert findings(typed) == [(position, words)]


def test_a_second_return_and_one_after_verification_are_found(typed):
    typed.record("小李", 10)
    typed.ledger.send_back(["V009"], WHY, "王主任")
    typed.verify("王主任", 10)
    second = typed.insert("V009", 3, returned("王主任"))
    late = typed.insert("V010", 3, returned("王主任"))
    (one, other) = findings(typed)
    assert one[0] == second
    assert one[1].startswith("was sent back already by 王主任 on ")
    assert other[0] == late
    assert other[1].startswith("verified already by 王主任 on ")


@pytest.mark.parametrize("name", ["V011", "measure:2016", "publication:2016Q1"])
def test_a_return_of_what_was_never_recorded_is_found(typed, name):
    position = typed.insert(name, 1, returned("王主任"))
    assert (position, "returned, but nothing stands there that it could be said of") in findings(
        typed
    )


def test_a_return_without_a_reason_is_damage(typed):
    path = typed.url.removeprefix("sqlite:///")
    state = b'{"class_version":1,"at":"%b","by":"head","reason":""}' % AT.encode()
    position = insert(path, "V009", 2, "tally.EntryReturned", state)
    assert [one for one, _ in findings(typed)] == [position]
    # It is set aside as any damaged row is, and the entry is verified after all.
    typed.ledger.set_aside([position], "非本系统写入", "小李")
    typed.ledger.verify([f"aside:{position}"], "王主任")
    assert typed.verify("王主任", 9).verified == 1
    assert findings(typed) == []
