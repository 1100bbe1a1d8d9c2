"""Signing in, in a real browser."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[browser]'")

from tests.browsing import NEEDS_CHROMIUM, violations
from tests.desk.conftest import PASSPHRASE
from tests.desk.test_serving import desk

pytestmark = NEEDS_CHROMIUM


def test_one_signs_in_and_out_by_keyboard(founded, opened):
    with desk(founded.url, "--lang", "zh") as (port, _):
        page = opened()
        page.goto(f"http://127.0.0.1:{port}/")
        assert violations(page) == {}
        page.keyboard.type("小李")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_url("**/today")
        page.goto(f"http://127.0.0.1:{port}/me")
        assert violations(page) == {}
        page.get_by_role("button", name="退出").click()
        page.wait_for_url("**/sign-in*")
        page.close()  # before the server ends, of which the browser still asks the icon
