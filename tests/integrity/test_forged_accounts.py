"""What nobody signed changes no account: the program passes over it, and `check` names it."""

import pytest

from ledger.account_proofs import AccountKey
from ledger.accounts import account_id
from ledger.errors import EntriesRefusedError
from ledger.events import AccountClosed, AccountKeyReset
from tests.integrity.accounts import AT, Office, opened, town


@pytest.fixture
def office(tmp_path):
    made = town(f"sqlite:///{tmp_path}/tally.db")
    yield made
    made.store.close()


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
    assert office.check().four_eyes.as_json() == {"two_keys": 3, "names_as_typed": 0, "accounts": 3}


def test_a_forged_account_changes_nothing_in_a_ledger_without_accounts(tmp_path):
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.insert(account_id("赵某"), 1, opened("赵某", AccountKey.make()))
    office.record("clerk", 1)
    assert office.store.position() == 2
    assert office.check().counts == {"signature": 1}
    office.store.close()
