"""The pages of a region in a real browser: without JavaScript, on a computer and a telephone."""

from __future__ import annotations

import pytest

from tests.browsing import NEEDS_CHROMIUM, violations
from tests.pages.test_serving import served_by
from tests.region.small_region import DAMAGED, VILLAGES, make_small_region

pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[browser]'")

pytestmark = NEEDS_CHROMIUM

WHEN = "year=2016&through=2016-11-30"


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """Yield the address of a server of the small region, in Chinese."""
    file = make_small_region(tmp_path_factory.mktemp("small"))
    with served_by("--region", str(file), "--lang", "zh") as (port, _):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("width", [1400, 390])
def test_no_page_has_a_fault_of_access_or_is_wider_than_its_window(region, opened, width):
    page = opened(viewport={"width": width, "height": 900}, color_scheme="dark")
    for path in (
        f"/?{WHEN}",
        f"/?{WHEN}&by=12&lang=en",
        f"/units?{WHEN}",
        f"/town/{VILLAGES}/?{WHEN}",
    ):
        page.goto(region + path)
        page.locator("[data-again]").wait_for(state="detached")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert violations(page) == {}, path
    # The bar and the mean are seen without scrolling.
    page.goto(f"{region}/?{WHEN}")
    box = page.locator(".bars td.total").first.bounding_box()
    assert box["x"] + box["width"] <= width


def test_links_lead_to_a_town_and_back_without_javascript(region, opened):
    page = opened(java_script_enabled=False)
    page.goto(f"{region}/?{WHEN}")
    while page.get_by_text("正在计算").count():
        page.reload()
    page.get_by_role("link", name="上溪市").first.click()
    page.get_by_role("link", name="甲样县").click()
    page.get_by_role("link", name="样例镇1", exact=True).click()
    assert page.locator("h1").inner_text() == "2016年度概览"
    page.get_by_role("link", name="样例村11").click()
    assert page.locator("h1").inner_text().startswith("V001 样例村11")
    page.get_by_role("link", name="样例省").click()
    page.locator(".known a", has_text="1个未答复").click()
    assert DAMAGED in page.locator("#lost").inner_text()
