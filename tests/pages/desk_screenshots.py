"""Make the pictures of `docs/手册.md` again: `python -m tests.pages.desk_screenshots`.

It needs the extra `browser`, Chromium, and a font with Chinese characters.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browsing import QUIET
from tests.cli.running import ROOT, Tally
from tests.desk.browser.keys import Person
from tests.desk.browser.test_first_month import Town
from tests.desk.test_serving import desk

FOLDER = ROOT / "docs" / "screenshots" / "desk"
WINDOW = {"width": 1240, "height": 700}


def pictures(town, head, clerk):
    """Walk the first month as the manual tells it, and take its pictures on the way."""

    def take(name, person):
        person.page.screenshot(path=FOLDER / f"{name}.png")

    def see(name, path, person):
        person.page.goto(town.at + path)
        take(name, person)

    see("setup", town.first.removeprefix(town.at), head)
    town.open_accounts(granting=lambda: (take("asked", clerk), take("accounts", head)))
    take("today-empty", clerk)
    clerk.page.goto(f"{town.at}/today")
    town.record_units()
    town.day.write_text("2015-12-31")
    see("today", "/today", clerk)
    see("reports", "/reports", clerk)
    see("report-form", "/reports/record?clause=case-reports&what=2015-12", clerk)
    town.record_reports("2015-12-31", {})
    see("verify", "/verify", head)
    town.verify(16)
    see("record", "/record", clerk)
    see("batch", "/record?kind=petition_batch", clerk)
    for day, others in (("2016-01-31", {1: "3", 4: "4"}), ("2016-02-29", {2: "4"})):
        town.record_reports(day, others)
        town.verify(16)
    town.record_batch()
    town.verify(2)
    see("journal", "/journal", clerk)
    see("correct", "/correct?id=PB-2016-0001", clerk)
    see("import", "/import", clerk)
    town.day.write_text("2016-03-01")
    see("publish", "/publish?period=2016Q1", clerk)
    town.correct()
    town.publish()
    take("edition", head)
    see("objections", "/objections?unit=" + _unit(clerk), clerk)
    see("evidence", "/evidence", clerk)
    see("ranking", "/ranking", clerk)


def _unit(person):
    """Return the id of the first village, from the ranking."""
    person.page.goto(re.match(r"https?://[^/]+", person.page.url)[0] + "/ranking")
    link = person.page.locator("main a", has_text="甲村").first
    return link.get_attribute("href").split("id=")[1].split("&")[0]


def main():
    """Make all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tally, day = Tally(Path(folder)), Path(folder) / "day"
        tally("init").ok()
        day.write_text("2015-12-31")
        with (
            desk(tally.url, "--lang", "zh", day=day) as (port, line),
            sync_playwright() as driver,
        ):
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
            people = [Person(browser.new_context(viewport=WINDOW).new_page()) for _ in range(2)]
            first = re.search(r"http\S+token=\S+", line)[0]
            pictures(Town(*people, day, port, first), *people)
            browser.close()


if __name__ == "__main__":
    main()
