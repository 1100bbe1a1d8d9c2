"""Make the pictures in `docs/screenshots` again: `python -m tests.pages.screenshots`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browsing import QUIET
from tests.cli.running import ROOT, Tally, process
from tests.pages.test_serving import served

FOLDER = ROOT / "docs" / "screenshots"
WINDOW = {"width": 1240, "height": 700}
BATCH = "B-2016-0056"
PAGES = {
    "overview-zh": "?lang=zh",
    "ranking": "ranking",
    "search-zh": "search?q=2016-003&lang=zh",
    "unit-zh": "unit?id=V017&lang=zh",
    "entry": f"entry?id={BATCH}",
    "open": "open",
    "differences": "differences?from=2016Q3",
    "edition": "bulletin?period=2016Q3&sort=-bulletin.differs",
    "corrections": "corrections?sort=-corrections.points&more=1",
    "audit": "audit",
    "clauses": "clauses",
    "earlier-zh": "ranking?as_of=2016-07-01&through=2016-05-31&lang=zh",
    "margins-zh": "margins?lang=zh",
    "sensitivity-zh": "sensitivity?lang=zh",
}


def town(folder):
    """Make the sample year, whose periods are published, with a later correction."""
    assert process("demo", "town", folder=folder).status == 0
    tally = Tally(folder, folder / "town" / "tally.db")
    reason = ("--reason", "级别更正", "--by", "clerk", "--yes")
    tally("correct", BATCH, "--set", "level=province", *reason).ok()
    tally("verify", f"{BATCH}.R", f"{BATCH}.2", "--by", "head").ok()
    return tally


def main():
    """Make all pictures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(town(Path(folder)).url, "--lang", "en") as (port, _),
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        page = browser.new_page(viewport=WINDOW)
        at = f"http://127.0.0.1:{port}/"
        for name, path in PAGES.items():
            page.goto(at + path)
            page.locator("[data-again]").wait_for(state="detached", timeout=120_000)
            page.screenshot(path=FOLDER / f"{name}.png")
        page.goto(f"{at}period?unit=V017&period=2016Q3")
        posting = page.locator("details.posting.minus", has_text=f"{BATCH}.2").first
        posting.locator("summary").click()
        posting.evaluate("one => scrollTo(0, one.offsetTop - 80)")
        page.screenshot(path=FOLDER / "period.png")
        page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
