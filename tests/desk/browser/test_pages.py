"""Every page of the desk in a real browser: what axe finds, and whether a telephone shows it."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[browser]'")

from cli.desk.pages import WORK
from tests.browsing import NEEDS_CHROMIUM, violations
from tests.cli.entries import batch, reports
from tests.desk.conftest import ACCOUNTS, PASSPHRASE
from tests.desk.test_serving import desk

pytestmark = NEEDS_CHROMIUM

ADDRESSES = {
    "/reports/record": ["clause=screening&what=2016-03", "clause=case-reports&what=2016-03"],
    "/record": ["", "kind=petition_batch", "kind=petition_batch&after=B-1", "kind=notice"],
    "/correct": ["id=B-1"],
    "/reverse": ["id=B-1"],
    "/publish": ["", "period=2016Q1"],
    "/edition": ["period=2016Q1&number=1"],
    "/edition/verify": ["period=2016Q1&number=1"],
    "/edition/withdraw": ["period=2016Q1&number=1"],
    "/objections": ["", "unit=V001&period=2016Q2"],
    "/import/errors": [],
    "/import/template": [],
    "/edition/document": [],
    "/paper": [],
    "/slip": [],
    "/slips": [],
    "/accounts/open": [],
    "/accounts/close": [],
    "/accounts/reset": [],
    "/accounts/dismiss": [],
}
"""Parameters of the pages that need some; of files none."""

OF_NOBODY = ["/sign-in", "/ask"]

WINDOW = {"viewport": {"width": 390, "height": 844}}


def faults(page, address):
    """Return what is wrong with a page: its status, what axe finds, how much it is too wide."""
    status = page.goto(address).status
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = {"status": status, **violations(page), "too wide": max(0, wide)}
    return {} if found == {"status": 200, "too wide": 0} else {address: found}


@pytest.mark.parametrize("role", ["verifier", "clerk", "auditor", "unit"])
def test_axe_finds_nothing_on_any_page_that_a_role_may_open(tally, opened, monkeypatch, role):
    name = next(name for name, (of, _) in ACCOUNTS.items() if of == role)
    monkeypatch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
    path = tally.file("more.jsonl", batch(), *reports("V001", "2016-01"), batch("B-2"))
    tally("import", path, "--by", "小李").ok()
    tally("verify", "B-1", "--by", "王主任").ok()
    tally("return", "B-2", "--reason", "人数不符", "--by", "王主任").ok()
    tally("object", "B-1", "--unit", "V001", "--reason", "人数不符", "--by", "小李").ok()
    tally("publish", "2016Q1", "--by", "小李").ok()
    with desk(tally.url, "--lang", "zh") as (port, _):
        at = f"http://127.0.0.1:{port}"
        page, wrong = opened(**WINDOW), {}
        for tongue in ("zh", "en"):
            for entrance in OF_NOBODY:
                wrong |= faults(page, f"{at}{entrance}?lang={tongue}")
        asks = opened(**WINDOW)
        asks.goto(f"{at}/ask")
        asks.locator("#name").fill("新来的")
        asks.locator("#passphrase").fill(PASSPHRASE)
        asks.locator("#again").fill(PASSPHRASE)
        asks.locator("#again").press("Enter")
        asks.wait_for_selector("#key")
        assert violations(asks) == {}
        page.goto(f"{at}/sign-in")
        page.locator("#name").fill(name)
        page.locator("#passphrase").fill(PASSPHRASE)
        page.locator("#passphrase").press("Enter")
        page.wait_for_url("**/today*")
        pages = [one for one in WORK if role in one.readers]
        for work in pages:
            for query in ADDRESSES.get(work.path, [""]):
                for tongue in ("zh", "en"):
                    wrong |= faults(page, f"{at}{work.path}?{query}&lang={tongue}")
        if role == "clerk":
            page.goto(f"{at}/today")
            columns = page.locator("dl.kinds").evaluate("list => getComputedStyle(list).columns")
            assert columns == "auto"
    assert wrong == {}
