"""Working at the desk where a year cannot be scored: the measure states no amount for an entry."""

from __future__ import annotations

from contextlib import ExitStack, closing

import pytest

from cli.session import session
from ledger.application import Ledger
from ledger.stores import open_store
from projections.adopted import Measures
from tests.cli.running import Tally
from tests.cli.test_measures_by_year import VILLAGE, total
from tests.cli.test_no_amount import FIRE, measure
from tests.desk.conftest import PASSPHRASE, Office
from tests.desk.typed import listed


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office whose measure prices fires up to 5 mu and over 90, with one of 40 that counts."""
    monkeypatch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", PASSPHRASE)
    tally, found = Tally(tmp_path).founded(), measure()
    with closing(open_store(tally.url)) as store:
        service = Ledger(store, Measures, trust_clock=True)
        service.adopt(2021, found.id, found.content, "文件", "clerk")
        service.verify(["measure:2021"], "head")
    tally.take_in(VILLAGE, {**FIRE, "id": "F-2", "size": 40})
    tally("account", "add", "王主任", "--role", "verifier").ok()
    tally("account", "add", "小李", "--role", "clerk", "--by", "王主任").ok()
    with ExitStack() as stack:
        yield Office(tally, stack.enter_context(session(tally.url)))


def test_what_would_change_cannot_be_said_and_the_entry_is_recorded(office):
    browser = office.browser("小李")
    browser.get("/record", kind="fire")
    fields = {"f_unit": "V1", "f_on": "2021-03-05", "f_size": "3", "f_cause": "grave"}
    browser.send("entry", step="preview", **fields)
    assert "What would change in 2021 cannot be computed" in browser.text
    browser.send("confirm", step="confirm")
    assert len(listed(office, "fire")) == 2
    verifier = office.browser("王主任")
    verifier.get("/verify")
    assert "cannot be computed: " in verifier.text
    verifier.send("queue", step="ticked", ids=verifier.form("queue").choices["ids"])
    assert {one["status"] for one in listed(office, "fire").values()} == {"verified"}


def test_the_year_is_mended_by_a_correction(office):
    """A fire of up to 5 mu: −1."""
    browser = office.browser("小李")
    browser.get("/correct", id="F-2")
    browser.send("entry", f_size="4", reason="面积录错")
    browser.send("confirm", step="confirm")
    assert browser.response.url.path == "/verify"
    verifier = office.browser("王主任")
    verifier.get("/verify")
    verifier.send("queue", step="ticked", ids=["F-2.R", "F-2.2"])
    assert total(office.tally, 2021) == "-1"
