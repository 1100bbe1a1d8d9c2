"""What a reader sees of wide tables, on the screen of a computer and of a telephone."""

from __future__ import annotations

import pytest

from tests.browsing import NEEDS_CHROMIUM
from tests.cli.running import process
from tests.pages.test_serving import served

pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[browser]'")

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Yield the address of a server of the sample year of 46 units, in Chinese."""
    folder = tmp_path_factory.mktemp("sample")
    assert process("demo", "town", folder=folder).status == 0
    with served(f"sqlite:///{folder}/town/tally.db", "--lang", "zh") as (port, _):
        yield f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(sample, opened, width):
    """Wide tables scroll by themselves, on the screen of a computer and of a telephone."""
    page = opened(viewport={"width": width, "height": 800})
    too_wide = []
    for path in (
        *(
            "",
            "?lang=en",
            "ranking",
            "search?q=2016",
            "open?lang=en",
            "margins",
            "sensitivity",
            "differences",
            "differences?from=9000",
            "bulletin?period=2016Q3",
            "corrections",
            "audit",
            "audit?list=late",
            "costs",
            "clauses",
            "unit?id=V017",
        ),
        *("period?unit=V017&period=2016Q3", "entry?id=B-2016-0035", "clause?id=special-period"),
    ):
        page.goto(sample + path)
        page.locator("[data-again]").wait_for(state="detached", timeout=120_000)
        wide = page.evaluate("document.documentElement.scrollWidth")
        too_wide += [(path, wide)] if wide > width else []
    assert too_wide == []


def test_figures_are_seen_without_scrolling(sample, opened):
    """The table of corrections on a computer; points and balances of a unit on a telephone."""
    scrolls = "table => table.parentElement.scrollWidth - table.parentElement.clientWidth"
    for width, path, table in ((1400, "corrections", "#corrections"), (390, "unit?id=V017", None)):
        page = opened(viewport={"width": width, "height": 800})
        page.goto(sample + path)
        assert page.locator(table or ".waterfall").evaluate(scrolls) <= 8
    page.goto(sample + "sensitivity")
    page.locator("[data-again]").wait_for(state="detached", timeout=120_000)
    box = page.locator(".readings tbody tr").first.locator("td").nth(5).bounding_box()
    assert box["x"] + box["width"] <= 390
    page.goto(sample + "margins")
    page.locator("[data-again]").wait_for(state="detached", timeout=120_000)
    assert page.locator("main").bounding_box()["height"] < 10_000
    assert page.locator(".margins").bounding_box()["width"] >= 700
