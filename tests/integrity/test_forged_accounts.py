"""What nobody signed changes no account: the program passes over it, and `check` names it."""

import random

import pytest
from eventsourcing.persistence import StoredEvent
from msgspec.structs import replace

from ledger import codec
from ledger.account_proofs import AccountKey, accounts_at
from ledger.accounts import account_id
from ledger.errors import DamagedLedgerError, EntriesRefusedError
from ledger.events import AccountClosed, AccountKeyReset
from ledger.integrity.leaves import leaf_hash
from ledger.integrity.signatures import Signatures
from tests.integrity.accounts import AT, Office, opened, recorded, town


@pytest.fixture
def office(tmp_path):
    made = town(f"sqlite:///{tmp_path}/tally.db")
    yield made
    made.store.close()


@pytest.fixture
def typed(tmp_path):
    """A ledger without accounts."""
    made = Office(f"sqlite:///{tmp_path}/typed.db")
    yield made
    made.store.close()


def second(office, position, **changes):
    """Append a second row to the stream of a signature, as somebody without a key can."""
    row = office.rows()[position - 1]
    event = replace(codec.decode(row.topic, row.state), **changes)
    return office.insert(row.originator_id, row.originator_version + 1, event)


def test_forged_openings_closings_and_keys_have_no_effect(office):
    """They are found, and accounts go on as they were."""
    forged = AccountKey.make()
    office.insert(account_id("赵某"), 1, opened("赵某", forged))
    office.sign("赵某", forged)
    office.insert(account_id("小李"), 2, AccountClosed(at=AT, by="王主任", reason="调离"))
    other = AccountKey.make().public
    reset = AccountKeyReset(at=AT, by="王主任", public=other, reason="换")
    office.insert(account_id("王主任"), 2, reset)
    office.keys["赵某"] = forged
    with pytest.raises(EntriesRefusedError, match="赵某 is no account"):
        office.record("赵某", 9)
    office.record("小李", 9)
    office.verify("王主任", 9)
    office.close("小李", "王主任")
    office.open("赵某", "verifier", "王主任")
    office.verify("赵某")
    assert [position for position, _ in office.wrong()] == [12, 13]
    assert office.check().four_eyes.as_json() == {
        "two_keys": 3,
        "names_as_typed": 0,
        "accounts": 3,
        "unproved": [],
    }


def test_a_forged_second_row_in_the_stream_of_a_signature_turns_no_account_off(office):
    """A signature is the row behind its append, whatever else has its id."""
    position = second(office, 2, signature="0" * 128)
    with pytest.raises(EntriesRefusedError, match="is no account of this ledger"):
        office.record("小丁", 9)
    office.record("小李", 9)
    assert office.wrong() == [
        (position, "is a signature of other positions: it was moved, or rows were"),
    ]


def test_a_forged_second_row_reopens_no_closed_account(office):
    office.close("小李", "王主任")
    second(office, 12, rows=2)
    with pytest.raises(EntriesRefusedError, match="小李 was closed at position 11"):
        office.record("小李", 9)
    assert office.check().four_eyes.accounts == 2


@pytest.mark.parametrize("middle", [False, True])
def test_an_account_is_changed_by_an_append_of_its_own(office, middle):
    """A verifier's key can sign more at once, but neither the program nor `check` takes it."""
    first = office.insert(account_id("甲某"), 1, opened("甲某", AccountKey.make(), by="王主任"))
    if middle:
        office.insert("V009", 1, recorded(9, "王主任"))
    else:
        office.insert(account_id("乙某"), 1, opened("乙某", AccountKey.make(), by="王主任"))
    position = office.sign("王主任", office.keys["王主任"], first)
    with pytest.raises(EntriesRefusedError, match="甲某 is no account"):
        office.record("甲某", 10)
    office.record("小李", 10)
    words = "signs what happened to an account together with other events"
    assert office.wrong() == [(position, words)]
    assert office.check().four_eyes.accounts == 2


# ---- where there were accounts and none is proved
def refuse_all(office):
    """Assert that nothing is appended, under any name, nor a first account opened."""
    before = office.store.position()
    for act in (
        lambda: office.record("clerk", 9),
        lambda: office.record("小李", 9),
        lambda: office.open("赵某", "verifier"),
    ):
        with pytest.raises(DamagedLedgerError):
            act()
    assert office.store.position() == before


@pytest.mark.parametrize(
    ("position", "column", "value"),
    [
        (1, "state", b"{"),
        (1, "topic", "tally.EntryVerified"),
        (1, "originator_id", "x"),
        (2, "state", b"{"),
        (2, "topic", "x"),
    ],
)
def test_without_a_proved_founder_nothing_is_appended(tmp_path, position, column, value):
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.open("王主任", "verifier")
    office.change(column, value, position)
    refuse_all(office)
    assert office.check().counts["signature"]
    office.store.close()


def test_without_a_proved_founder_no_other_account_is_the_first(office):
    """Nor by a program that passes over the refusal."""
    office.change("originator_id", "x", 1)
    office.change("originator_id", "y", 3)
    key = office.keys["赵某"] = AccountKey.make()
    office.insert(account_id("赵某"), 1, opened("赵某", key))
    position = office.sign("赵某", key)
    assert accounts_at(office.store, position) == {}
    found = [one for one in office.check().findings if one.position == position]
    assert [one.message for one in found] == ["is signed by 赵某, which is no account"]


def test_without_a_proved_founder_a_damaged_row_can_be_set_aside(tmp_path):
    """What was set aside is of accounts no longer; the signatures still are."""
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.open("王主任", "verifier")
    office.change("state", b"{", 1)
    office.set_aside(1)
    refuse_all(office)
    office.store.close()


@pytest.mark.parametrize("name", ["account:赵某", "signed:1"])
def test_a_forged_row_of_accounts_stops_a_ledger_without_accounts(typed, name):
    row = StoredEvent(name, 1, "tally.AppendSigned", b"{}")
    typed.store.recorder.insert_events([row], as_found=True)
    refuse_all(typed)
    assert typed.check().counts == {"unreadable": 1, "signature": 1}
    typed.set_aside(1)
    typed.record("clerk", 1)
    typed.open("王主任", "verifier")
    assert typed.check().findings == []


def test_a_forged_account_opens_none_in_a_ledger_without_accounts(typed):
    typed.insert(account_id("赵某"), 1, opened("赵某", AccountKey.make()))
    with pytest.raises(DamagedLedgerError, match="no account of this ledger is proved"):
        typed.record("clerk", 1)
    refuse_all(typed)
    assert typed.check().counts == {"signature": 1}


# ---- a stream that is taken
@pytest.mark.parametrize("versions", [[1], [1, 2], [7], [2**63 - 1]])
def test_a_forged_row_in_the_stream_of_the_next_signature_stops_nothing(office, versions):
    first = office.store.position() + len(versions) + 1
    row = office.rows()[6]
    forged = replace(codec.decode(row.topic, row.state), first=first)
    for version in versions:
        office.insert(f"signed:{first}", version, forged)
    office.record("小李", 9)
    office.verify("王主任", 9)
    assert [position for position, _ in office.wrong()] == [*range(11, first)]
    assert office.check().four_eyes.proved == 3


# ---- the program and `check` agree
def acts_of(office, chance):
    """Return acts of accounts and of forgers, each done as it comes."""
    names = ["王主任", "小李", "甲", "乙"]
    numbers = iter(range(100, 10_000))

    def forge():
        name = account_id(chance.choice(names))
        by = chance.choice(names)
        event = chance.choice(
            [
                AccountClosed(at=AT, by=by, reason="调离"),
                AccountKeyReset(at=AT, by=by, public=AccountKey.make().public, reason="换"),
                replace(opened(chance.choice(names), AccountKey.make()), by=by),
            ]
        )
        office.insert(name, chance.randint(1_000, 9_999_999), event)

    def entry():
        number = next(numbers)
        office.insert(f"V{number:03}", 1, recorded(number, chance.choice(names)))

    def sign():
        by, last = chance.choice([*office.keys]), office.store.position()
        first = max(2, last - chance.choice([0, 0, 0, 1, 2]))
        office.sign(by, office.keys[by], first, version=chance.randint(1_000, 9_999_999))

    def honest():
        chance.choice(
            [
                lambda: office.record(chance.choice(names), next(numbers)),
                lambda: office.open(chance.choice(names), "verifier", chance.choice(names)),
                lambda: office.close(chance.choice(names), chance.choice(names)),
                lambda: office.reset(chance.choice(names), chance.choice(names)),
            ]
        )()

    return [forge, forge, entry, sign, sign, sign, honest, honest]


@pytest.mark.parametrize("seed", range(12))
def test_the_program_and_check_know_the_same_accounts(office, seed):
    """Whatever is appended, with and without the keys of accounts."""
    chance = random.Random(seed)
    acts, signatures, hashes, changes = acts_of(office, chance), None, [], 0
    for _ in range(60):
        keys = dict(office.keys)
        try:
            chance.choice(acts)()
        except (EntriesRefusedError, DamagedLedgerError, KeyError):
            office.keys.clear()
            office.keys |= keys
    signatures = Signatures(hashes)
    for row in office.rows():
        hashes.append(leaf_hash(row))
        try:
            event = codec.validate(row.originator_id, row.topic, row.state)
        except codec.UNREADABLE:
            event = None
        before = signatures.accounts
        list(signatures.take(row, event))
        changes += signatures.accounts != before
        if row.topic == codec.APPEND_SIGNED:
            assert signatures.accounts == accounts_at(office.store, row.position), (seed, row)
    assert changes >= 2, seed
