"""The first quarter of a new town of 8 villages, by keyboard, from an empty ledger to its bulletin.

Two people in two sessions walk the steps that `docs/手册.md` tells, in its order: open the first
account, ask for the second and grant it, record the units, each month's reports from what is due
today, a petition batch and its on-site response, verify, correct, publish, verify the bulletin.
"""

from __future__ import annotations

import re
from time import monotonic

import pytest

pytest.importorskip("playwright.sync_api", reason="no playwright: pip install '.[browser]'")

from tests.browsing import NEEDS_CHROMIUM
from tests.cli.running import Tally
from tests.desk.browser.keys import Person
from tests.desk.conftest import PASSPHRASE
from tests.desk.test_serving import desk

pytestmark = NEEDS_CHROMIUM

VILLAGES = ["甲村", "乙村", "丙村", "丁村", "戊村", "己村", "庚村", "辛村"]

MONTHS = {
    "2015-12-31": {},
    "2016-01-31": {1: "3", 4: "4"},
    "2016-02-29": {2: "4"},
}
"""By the day on which the reports came in, the cases of the villages that have not two."""

SHARE = 0.4
"""Acts for each cell that one would fill in, at most."""

SECONDS = 600


def no_wider(page):
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, (page.url, wide)


class Town:
    """The walk: `head` verifies, `clerk` records; `day` is the file that says which day it is."""

    def __init__(self, head, clerk, day, port, first):
        self.head, self.clerk, self.day = head, clerk, day
        self.at, self.first = f"http://127.0.0.1:{port}", first

    def open_accounts(self, granting=lambda: None):
        """Open both; `granting` is called where the second one is about to be granted."""
        head, clerk = self.head, self.clerk
        head.page.goto(self.first)
        head.fill("name", "王主任")
        head.fill("passphrase", PASSPHRASE)
        head.enter("again", PASSPHRASE, "**/today*")
        clerk.page.goto(f"{self.at}/ask")
        clerk.fill("name", "小李")
        clerk.fill("passphrase", PASSPHRASE)
        clerk.enter("again", PASSPHRASE)
        number = clerk.page.locator("#key").inner_text()
        head.go("Alt+0", "**/accounts*")
        granting()
        head.fill("key-1", number)
        head.choose("role-1", "clerk")
        head.go("Alt+s")
        clerk.go("Enter", "**/sign-in*")
        clerk.fill("name", "小李")
        clerk.enter("passphrase", PASSPHRASE, "**/today*")

    def record_units(self):
        """From the link with which an empty ledger begins; one form after another."""
        clerk = self.clerk
        clerk.go("Enter", "**/record?kind=unit*")
        clerk.fill("f_name", VILLAGES[0])
        clerk.choose("f_type", "village")
        clerk.go("Alt+s", "**after=*")
        for name in VILLAGES[1:]:
            clerk.enter("f_name", name)
            assert "已登记" in clerk.page.locator(".notice").inner_text()
        self.verify(len(VILLAGES))

    def verify(self, count):
        """Verify all that the queue shows, after it was shown."""
        self.head.go("Alt+4", "**/verify*")
        assert f"待核定 {count} 条" in self.head.page.locator("#queue").inner_text()
        self.head.go("Alt+s")
        assert "已核定" in self.head.page.locator(".notice").first.inner_text()

    def record_reports(self, day, others):
        """Record both reports of a month for all villages, each from the first line of today."""
        clerk = self.clerk
        self.day.write_text(day)
        for asks_cases in (False, True):
            clerk.go("Alt+1", "**/today*")
            clerk.go("Enter", "**/reports/record*")
            if asks_cases:
                inputs = clerk.page.locator("table.owed input[type=number]")
                names = inputs.evaluate_all("all => all.map(one => one.name)")
                answers = [("cases", "2"), *((names[at], text) for at, text in others.items())]
                for name, text in answers[:-1]:
                    clerk.fill(name, text)
                clerk.enter(*answers[-1])
            else:
                clerk.go("Enter")
            clerk.go("Alt+s", "**/reports?*")
            assert "已登记 8 条" in clerk.page.locator(".notice").first.inner_text()

    def record_batch(self):
        """A batch to the town, then from there its response."""
        clerk = self.clerk
        clerk.go("Alt+3", "**/record*")
        clerk.tab_to("上访批次")
        clerk.go("Enter", "**kind=petition_batch*")
        clerk.fill("f_unit", "甲村")
        clerk.fill("f_matter", "XF-1")
        clerk.choose("f_level", "town")
        clerk.fill("f_headcount", "3")
        clerk.fill("f_occurred_at", "020520160930AM")
        clerk.choose("f_abnormal", "true")
        clerk.go("Alt+s", "**after=PB-*")
        clerk.go("Enter", "**kind=on_site_response*")
        clerk.choose("f_arrival", "prompt")
        clerk.choose("f_effective", "true")
        clerk.fill("f_stay_minutes", "45")
        clerk.go("Alt+s", "**after=OR-*")

    def correct(self):
        """From the journal: it were four people, not three."""
        clerk = self.clerk
        clerk.go("Alt+5", "**/journal*")
        batch = clerk.page.locator("th a", has_text=re.compile("^PB-")).inner_text()
        clerk.tab_to(batch)
        clerk.go("Enter", "**/entry?*")
        clerk.go("Alt+c", "**/correct?*")
        clerk.fill("reason", "人数录错")
        clerk.enter("f_headcount", "4")
        clerk.go("Alt+s", "**/verify?*")
        self.verify(2)

    def publish(self):
        head, clerk = self.head, self.clerk
        self.day.write_text("2016-03-01")
        clerk.go("Alt+7", "**/publish*")
        clerk.go("Enter", "**/publish?period=2016Q1*")
        clerk.go("Alt+s", "**/edition?*")
        head.go("Alt+4", "**/verify*")
        head.go("Enter", "**/edition?*")
        head.go("Alt+s", "**/edition?*")
        assert "2016Q1第1版已生效" in head.page.locator(".notice").inner_text()

    def walk(self):
        self.open_accounts()
        self.record_units()
        for day, others in MONTHS.items():
            self.record_reports(day, others)
            last = day == [*MONTHS][-1]
            if last:
                self.record_batch()
            self.verify(18 if last else 16)
        self.correct()
        self.publish()


def cells(tally):
    """Return how many cells of the template's sheets hold what the ledger has: each id and field.

    The second figure counts all columns of these rows, filled in or not.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - of the extra `office`

    entries = tally("list", "--json").ok().json["entries"]
    filled = sum(len(one["content"].keys() - {"kind"}) for one in entries)
    path = tally.folder / "template.xlsx"
    tally("template", path).ok()
    sheets = [[cell.value for cell in sheet[1] if cell.value] for sheet in load_workbook(path)]
    titles = {
        "unit": "类型", "screening_report": "通知", "case_report": "采用件数",
        "petition_batch": "人数", "on_site_response": "到场", "reversal": "冲销对象",
    }  # fmt: skip
    width = {kind: len(next(s for s in sheets if title in s)) for kind, title in titles.items()}
    return filled, sum(width[one["content"]["kind"]] for one in entries)


@pytest.mark.parametrize(
    ("window", "look"),
    [
        ({}, None),
        ({"java_script_enabled": False}, None),
        ({"viewport": {"width": 390, "height": 844}}, no_wider),
    ],
    ids=["by keyboard", "without JavaScript", "390 px wide"],
)
def test_two_people_take_a_new_town_to_its_verified_bulletin(
    tmp_path, opened, capsys, window, look
):
    tally, day = Tally(tmp_path), tmp_path / "day"
    tally("init").ok()
    day.write_text("2015-12-31")
    begun = monotonic()
    with desk(tally.url, "--lang", "zh", day=day) as (port, line):
        first = re.search(r"http\S+token=\S+", line)[0]
        people = [Person(opened(**window), look) for _ in range(2)]
        town = Town(*people, day, port, first)
        town.walk()
        rows = town.clerk.page.context.new_page()
        rows.goto(f"{town.at}/edition?period=2016Q1&number=1")
        figures = rows.locator("table tbody tr").all_inner_texts()
    seconds, acts = monotonic() - begun, sum(one.acts for one in people)
    filled, columns = cells(tally)
    with capsys.disabled():
        print(
            f"\n{acts} acts; {filled} cells filled in ({acts / filled:.0%}), "
            f"{columns} columns x rows"
            f" ({acts / columns:.0%}); {seconds:.0f} s"
        )
    # A quarter opens at 20 points; the batch (1 point, to the town, below 6 people) is halved by
    # the response: 20 - 0.5.
    assert {row.split("\t")[1] for row in figures if "甲村" in row} == {"19.5"}
    assert {row.split("\t")[1] for row in figures if "甲村" not in row} == {"20"}
    assert len(figures) == len(VILLAGES)
    assert tally("check", "--json").ok().json["findings"] == []
    assert acts <= SHARE * filled
    assert seconds < SECONDS
