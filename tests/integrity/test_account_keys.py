"""The files of accounts' keys, as a server uses them: unlocked by name and passphrase."""

import time

import pytest

from ledger.account_proofs import AccountKey
from ledger.accounts import account_id
from ledger.application import Ledger
from ledger.integrity import account_keys
from ledger.integrity.account_keys import change_passphrase, key_path, load_key, spend, write_key
from ledger.integrity.errors import KeyFileError, NoKeyFileError, WrongPassphraseError
from projections.adopted import Measures
from tests.integrity.accounts import Office, village
from tests.support import submissions

PASSPHRASE = "春眠不觉晓，处处闻啼鸟"


@pytest.fixture
def office(tmp_path):
    """The office of a head, whose key is in a file."""
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    office.open("王主任", "verifier")
    write_key(office.url, "王主任", office.keys["王主任"], PASSPHRASE)
    yield office
    office.store.close()


def head(office):
    return office.ledger.signing.accounts()[account_id("王主任")]


def test_a_server_unlocks_a_key_and_hands_it_to_the_ledger(office):
    key = load_key(office.url, head(office), PASSPHRASE)
    assert key == office.keys["王主任"]
    ledger = Ledger(office.store, Measures, trust_clock=True)
    ledger.signing.keep(key)
    ledger.record(submissions([village(1)]), "王主任")
    assert office.wrong() == []


def test_a_wrong_passphrase_and_a_missing_file_are_two_errors(office):
    with pytest.raises(WrongPassphraseError, match="the passphrase is wrong"):
        load_key(office.url, head(office), f"{PASSPHRASE}。")
    with pytest.raises(WrongPassphraseError):
        load_key(office.url, head(office), "\udcff" * 8)
    key_path(office.url, "王主任", head(office).public).unlink()
    with pytest.raises(NoKeyFileError, match="there is no key of 王主任"):
        load_key(office.url, head(office), PASSPHRASE)


def test_the_time_of_an_answer_does_not_tell_who_has_an_account(office, monkeypatch):
    # Tests remember what they have stretched (tests/conftest.py); this one measures it.
    monkeypatch.setattr(account_keys, "_stretched", account_keys._stretched.__wrapped__)

    def seconds(ask):
        begun = time.process_time()
        with pytest.raises(KeyFileError):
            ask()
        return time.process_time() - begun

    def ask():
        load_key(office.url, head(office), "not this one")

    def nobody():
        spend("not this one")
        raise KeyFileError

    seconds(ask)  # imports
    wrong, unknown = min(seconds(ask) for _ in "123"), min(seconds(nobody) for _ in "123")
    key_path(office.url, "王主任", head(office).public).unlink()
    missing = min(seconds(ask) for _ in "123")
    assert 0.5 < unknown / wrong < 2
    assert 0.5 < missing / wrong < 2


def test_a_full_disk_leaves_nothing_and_keeps_the_present_file(office):
    resource = pytest.importorskip("resource")
    path = key_path(office.url, "王主任", head(office).public)
    before, folder = path.read_bytes(), [path]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        for write in (
            lambda: write_key(office.url, "小李", AccountKey.make(), PASSPHRASE),
            lambda: change_passphrase(office.url, head(office), office.keys["王主任"], "12345678"),
        ):
            with pytest.raises(KeyFileError, match="cannot be written: File too large"):
                write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (path.read_bytes(), list(path.parent.iterdir())) == (before, folder)


def test_a_passphrase_is_the_same_however_a_keyboard_gives_it(office):
    key = AccountKey.make()
    account = head(office)
    account.public = key.public
    write_key(office.url, "王主任", key, "cafe\u0301\u3000au lait")
    assert load_key(office.url, account, " caf\u00e9 au\u00a0lait ") == key
