"""An office with accounts, and browsers in which they are signed in."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

import pytest

from cli.desk.app import application
from cli.desk.kept import Kept
from cli.desk.place import place_of
from cli.desk.work import Desk
from cli.session import session
from tests.cli.running import Tally
from tests.desk.form_page import Browser

PASSPHRASE = "春眠不觉晓，处处闻啼鸟"

ACCOUNTS = {
    "王主任": ("verifier", None),
    "陈副主任": ("verifier", None),
    "小李": ("clerk", None),
    "审计员": ("auditor", None),
    "甲村账户": ("unit", "V001"),
}
"""By name, role and unit."""


class Office:
    """A ledger with accounts, served as a desk."""

    def __init__(self, tally, opened):
        from starlette.testclient import TestClient  # noqa: PLC0415 - the extra may be missing

        self.tally = tally
        place = place_of("127.0.0.1", None, None, None)
        self.kept = Kept()
        self.cookie = self.kept.sessions.cookie
        self.app = application(opened, place, language="en", setup=None, kept=self.kept)
        self._client = lambda: TestClient(
            self.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False
        )
        self._browsers = {}

    def stranger(self):
        """Return a browser in which nobody is signed in."""
        return Browser(self._client())

    def sign_in(self, name, passphrase=PASSPHRASE):
        """Return a new browser in which an account is signed in."""
        browser = self.stranger()
        browser.get("/sign-in")
        browser.send("sign-in", name=name, passphrase=passphrase)
        return browser

    def record(self, *entries, verify=True):
        """Record entries by the clerk's account, verified by the verifier's."""
        path = self.tally.file("more.jsonl", *entries)
        self.tally("import", path, "--by", "小李").ok()
        if verify:
            self.tally("verify", *(one["id"] for one in entries), "--by", "王主任").ok()

    def browser(self, name):
        """Return the browser of an account, signed in once."""
        if name not in self._browsers:
            self._browsers[name] = self.sign_in(name)
        return self._browsers[name]


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """Return the ledger of a new office: its accounts, four units, verified; no entry else."""
    from tests.cli.entries import UNITS  # noqa: PLC0415

    tally = Tally(tmp_path_factory.mktemp("desk")).founded()
    tally.take_in(*UNITS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
        patch.setenv("TALLY_NEW_PASSPHRASE", PASSPHRASE)
        for name, (role, unit) in ACCOUNTS.items():
            by = [] if name == "王主任" else ["--by", "王主任"]
            of = [] if unit is None else ["--unit", unit]
            tally("account", "add", name, "--role", role, *of, *by).ok()
    return tally


@pytest.fixture
def tally(founded, tmp_path, monkeypatch):
    """Return `tally` on a copy of the office's ledger; the accounts' passphrases are set."""
    monkeypatch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
    return founded.copy(tmp_path / "office")


@pytest.fixture
def office(tally):
    """Return the office's desk on a ledger of its own."""
    with ExitStack() as stack:
        yield Office(tally, stack.enter_context(session(tally.url)))


@pytest.fixture
def april(monkeypatch):
    """Let it be 5 April 2016 at the desk."""
    monkeypatch.setattr(Desk, "today", date(2016, 4, 5))
