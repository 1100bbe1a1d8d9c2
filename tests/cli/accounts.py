"""An office of two verifiers and a clerk, with the files of their keys."""

import pytest

from tests.cli.entries import UNITS
from tests.cli.running import Tally

PASSPHRASE = "春眠不觉晓，处处闻啼鸟"


@pytest.fixture(autouse=True)
def passphrases(monkeypatch):
    monkeypatch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", PASSPHRASE)
    monkeypatch.delenv("TALLY_KEY_FILE", raising=False)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A ledger of two verifiers and a clerk."""
    tally = Tally(tmp_path_factory.mktemp("accounts")).founded()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
        patch.setenv("TALLY_NEW_PASSPHRASE", PASSPHRASE)
        tally("account", "add", "王主任", "--role", "verifier").ok()
        tally("account", "add", "陈副主任", "--role", "核定员", "--by", "王主任").ok()
        tally("account", "add", "小李", "--role", "clerk", "--by", "王主任").ok()
    return tally


@pytest.fixture
def tally(opened, tmp_path):
    return opened.copy(tmp_path / "office")


def key_files(tally, name):
    """Return the files of all keys of an account, by name."""
    return sorted((tally.folder / "tally.db.accounts").glob(f"{name}.*.key"))


def key_file(tally, name):
    """Return the file of an account that has had one key."""
    [path] = key_files(tally, name)
    return path


def import_units(tally, by="小李"):
    return tally("import", tally.file("units.jsonl", *UNITS), "--by", by, "--json")
