"""The page of a packet in a real browser, from a file."""

from __future__ import annotations

import pytest

from tests.browsing import NEEDS_CHROMIUM, browser, opened, violations
from tests.packet.packets import files_of

pytest.importorskip("playwright")
pytestmark = NEEDS_CHROMIUM
__all__ = ["browser", "opened"]


@pytest.mark.parametrize("width", [1400, 390])
def test_the_page_opens_from_a_file_and_fits(opened, town_packet, tmp_path, width):
    path = tmp_path / "index.html"
    path.write_bytes(files_of(town_packet.path)["index.html"])
    page = opened(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == {}
