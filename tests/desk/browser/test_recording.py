"""Recording, verifying and correcting in a real browser, by keyboard, on a telephone's width."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[browser]'")

from tests.browsing import NEEDS_CHROMIUM, violations
from tests.desk.conftest import PASSPHRASE
from tests.desk.test_serving import desk

pytestmark = NEEDS_CHROMIUM

TELEPHONE = {"viewport": {"width": 390, "height": 844}}


def sign_in(page, port, name):
    page.goto(f"http://127.0.0.1:{port}/sign-in")
    page.locator("#name").fill(name)
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#passphrase").press("Enter")
    page.wait_for_url("**/today")


def check(page):
    """The page has no fault that axe finds, and is no wider than its window."""
    assert violations(page) == {}
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, (page.url, wide)


def fill(page, words):
    """Type into the form's fields one after another, by the tabulator alone."""
    page.locator("#f_unit").focus()
    for word in words:
        page.keyboard.type(word)
        page.keyboard.press("Tab")


def test_a_batch_is_recorded_verified_and_corrected_by_two_people(tally, opened):
    with desk(tally.url, "--lang", "zh") as (port, _):
        at = f"http://127.0.0.1:{port}"
        clerk, head = opened(**TELEPHONE), opened(**TELEPHONE)
        sign_in(clerk, port, "小李")
        sign_in(head, port, "王主任")
        clerk.goto(f"{at}/record")
        check(clerk)
        clerk.goto(f"{at}/record?kind=petition_batch")
        check(clerk)
        # Unit, host unit, matter; the level is the fifth of its choices.
        fill(clerk, ["V001 甲村", "", "XF-1"])
        for _ in range(5):
            clerk.keyboard.press("ArrowDown")
        clerk.keyboard.press("Tab")
        clerk.keyboard.type("三")
        clerk.locator("#f_occurred_at").fill("2016-03-05T09:30")
        clerk.locator("#f_abnormal").select_option("true")
        clerk.locator("button[value=preview]").press("Enter")
        assert "不是整数" in clerk.locator("#f_headcount-error").inner_text()
        check(clerk)
        clerk.locator("#f_headcount").fill("3")
        clerk.locator("button[value=preview]").press("Enter")
        assert "−1" in clerk.locator(".change summary").inner_text()
        check(clerk)
        clerk.locator("button[value=confirm]").press("Enter")
        clerk.wait_for_url("**/record?*after=PB-2016-0001*")
        check(clerk)
        head.goto(f"{at}/verify")
        check(head)
        head.locator("input[name=ids]").press("Space")
        head.locator("#reason").fill("人数不符")
        head.locator("button[value=return]").press("Enter")
        head.wait_for_url("**/verify*")
        check(head)
        clerk.goto(f"{at}/correct?id=PB-2016-0001")
        assert "人数不符" in clerk.locator("main").inner_text()
        check(clerk)
        clerk.locator("#f_headcount").fill("4")
        clerk.locator("#reason").fill("人数录错")
        clerk.locator("#reason").press("Enter")
        check(clerk)
        clerk.locator("button[value=confirm]").press("Enter")
        clerk.wait_for_url("**/verify*")
        head.goto(f"{at}/verify")
        head.locator("button[name=one]").first.press("Enter")
        head.wait_for_load_state()
        assert "已核定 PB-2016-0001" in head.locator(".notice").first.inner_text()
        clerk.goto(f"{at}/reverse?id=PB-2016-0001.2")
        check(clerk)
        head.goto(f"{at}/entry?id=PB-2016-0001.2")
        assert head.locator(".work a").all_inner_texts()[-3:] == ["核定", "更正", "冲销"]


def test_the_forms_of_kinds_and_the_list_of_drafts_are_sound(tally, opened):
    with desk(tally.url, "--lang", "zh") as (port, _):
        page = opened(**TELEPHONE)
        sign_in(page, port, "小李")
        for kind in ("unit", "notice", "information_report", "carried_quarter", "ruling"):
            page.goto(f"http://127.0.0.1:{port}/record?kind={kind}")
            check(page)
        page.goto(f"http://127.0.0.1:{port}/record?kind=notice")
        page.locator("#f_title").fill("节前排查")
        page.locator("button[value=draft]").press("Enter")
        page.wait_for_url("**/record")
        check(page)
