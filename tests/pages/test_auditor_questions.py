"""Ten questions of an auditor, answered by walking the Chinese pages of the sample year.

Each test starts on the first page and follows links by their words. What is expected is worked out
by hand from the entries of the sample and the regulation.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from time import monotonic, sleep

import pytest

from cli.pages.app import application
from cli.session import session
from tests.cli.running import Tally, process
from tests.oracle import scorer
from tests.pages.html_page import HtmlPage

PATIENCE = 300
"""Seconds for what is computed beside the pages, on a busy machine."""


class Walk:
    """An auditor's way through the pages."""

    def __init__(self, http):
        self.http = http
        self.open("/")

    def open(self, address):
        self.response = self.http.get(address)
        assert self.response.status_code == 200, self.response.text
        self.page = HtmlPage(self.response.text)
        return self

    def follow(self, words):
        """Follow the first link that has some words; wait while its page is being computed."""
        address, end = self.page.link_to(words), monotonic() + PATIENCE
        self.open(address)
        while "正在计算" in self.page.text and monotonic() < end:
            sleep(0.2)
            self.open(address)
        return self

    def search(self, text):
        """Search as by the box that every page has."""
        assert 'name="q"' in self.response.text
        return self.open(f"/search?q={text}")

    def row(self, *starts):
        """Return the first row whose first cells begin with some texts."""
        for row in self.page.cells():
            if len(row) >= len(starts) and all(map(str.startswith, row, starts)):
                return row
        raise AssertionError(f"no row {starts} in {self.page.cells()}")


@pytest.fixture(scope="module")
def tally(tmp_path_factory):
    """Return `tally` on the ledger of the sample year, with a checkpoint over all of it."""
    folder = tmp_path_factory.mktemp("questions")
    assert process("demo", "town", folder=folder).status == 0
    made = Tally(folder, folder / "town" / "tally.db")
    made("checkpoint").ok()
    return made


@pytest.fixture(scope="module")
def http(tally):
    from starlette.testclient import TestClient  # noqa: PLC0415 - the extra may be missing

    with (
        session(tally.url) as opened,
        TestClient(application(opened, language="zh"), base_url="http://127.0.0.1:8000") as client,
    ):
        yield client


@pytest.fixture
def walk(http):
    return Walk(http)


def test_why_did_v017_lose_points_in_the_third_quarter(walk):
    """Add up by hand what the regulation takes.

    20 − 0.5 (the July report came on 31 August) − 1 (nothing for notice N-2016-05) − 3 (no report
    of XF-2016-0348 before it went to Beijing) − 15 (34 people to the province, 10, half as much
    again as the leader came late) − 8 (1 person to Beijing, 4, doubled as no leader came) − 15 (49
    people to the province, 10, half as much again) = −22.5.
    """
    text = walk.follow("枫笛坪村").follow("2016Q3").page.text
    assert "得分 −22.5" in text
    for cause in ("2016-07：迟报", "通知 N-2016-05：少报", "XF-2016-0348", "34人", "49人"):
        assert cause in text
    for points in ("−0.5", "−1", "−3", "−15", "−8"):
        assert f" {points} 三（一）" in text


def test_which_entries_were_corrected_and_by_whom(walk):
    row = walk.follow("更正").row("B-2016-0004", "V021")
    words = " ".join(row)
    assert "clerk" in words
    assert "人数经核对更正" in words
    assert "人数：3 → 4" in words
    assert "B-2016-0004.2" in words


def test_what_did_the_bulletin_of_the_second_quarter_say_and_what_is_it_now(walk):
    """V006's report for May was missing, −1, and came on 8 July: late, −0.5."""
    walk.follow("差异").follow("2016Q2")
    assert walk.row("V006")[1] == "−5.15 → −4.65"
    assert walk.row("V005")[1] == "18.5"
    assert "V006-SR-2016-05" in walk.follow("此后的变化").page.text


def test_who_recorded_and_verified_an_entry(walk):
    walk.search("B-2016-0004")
    rows = [[row[1], row[3]] for row in walk.page.cells() if len(row) == 5]
    assert ["登记", "clerk"] in rows
    assert ["核定", "head"] in rows
    assert ["冲销", "clerk"] in rows


def test_which_clause_costs_most(walk, tally):
    """The second scorer takes from petitions more than from basic work, and there no clause more.

    Its sections open at 12 and 8 points a quarter; a criticism and a yellow card cost beside them.
    """
    walk.follow("条款").follow("各条款扣分")
    rows = [(row[0], row[1], Decimal(row[2])) for row in walk.page.cells() if row[0][0] == "三"]
    assert rows[0][1] == "非正常上访工作"
    assert rows == sorted(rows, key=lambda row: -row[2])

    def lost(citation):
        return sum(points for cited, _, points in rows if cited.startswith(citation))

    listed = tally("list", "--json").ok().json["entries"]
    entries = [{**one["content"], "_verified": one["verified"] is not None} for one in listed]
    units = scorer.score(entries, 2016, "2016-11-30")["units"]
    sections = [period["sections"] for unit in units for period in unit["periods"]]
    petitions = sum(12 - Decimal(one["abnormal_petitions"]) for one in sections)
    basic_work = sum(8 - Decimal(one["basic_work"]) for one in sections)
    assert petitions > basic_work
    assert lost("三（一）2") == petitions
    assert lost("三（一）1") == basic_work
    assert lost("三（三）2") == sum(Decimal(unit["sections"]["penalties"]) for unit in units)


def test_which_villages_are_near_an_edge(walk):
    """49 people went to the province at once; from 50 on a unit is not eligible for awards."""
    row = walk.follow("临界").row("V017", "B-2016-0064", "人数 49", "50")
    assert "取消评先评优资格" in " ".join(row)


def test_what_would_change_under_the_other_reading(walk):
    """No batch had 50 people, so that whether 50 are “50人以上” moves nothing."""
    walk.follow("解释")
    assert "各项解释取其他值，第一名均不变" in walk.page.text
    fifty, *_ = (row for row in walk.page.cells() if row[0].endswith("fifty_people"))
    assert (fifty[1], fifty[-1]) == ("不包括本数 excluded", "包括本数 included")
    assert not any(fifty[2:-1]), fifty
    thirty, *_ = (row for row in walk.page.cells() if row[0].endswith("thirty_people"))
    assert thirty[1:-1] == ["最高一档 31+", "2", "", "", "−1.5", ""]
    assert thirty[-1].endswith(" 11-30")


def test_a_proof_that_an_entry_is_in_the_ledger_is_verified_without_the_ledger(walk, tally):
    address = walk.search("B-2016-0004").page.link_to("证明")
    proof = tally.folder / "proof.json"
    proof.write_bytes(walk.http.get(address).content)
    check = ["check", "--proof", proof, "--key", tally.folder / "town" / "tally.db.pub"]
    run = process(*check, folder=tally.folder)
    assert run.status == 0, run.err
    proof.write_text(proof.read_text("utf-8").replace("XF-2016-0304", "XF-2016-0305"), "utf-8")
    assert process(*check, folder=tally.folder).status == 1


def test_who_verified_most_and_was_it_always_another(walk, tally):
    """The sample has one clerk, who records all, and one head, who verifies all."""
    entries = tally("list", "--json").ok().json["entries"]
    pairs = Counter((one["recorded"]["by"], one["verified"]["by"]) for one in entries)
    [((clerk, head), count)] = pairs.items()
    assert (clerk, head) == ("clerk", "head")
    walk.follow("办理情况")
    assert walk.row(clerk)[1:4] == [str(count), "0", "0"]
    assert walk.row(head)[1:4] == ["0", str(count), "0"]
    assert walk.row(clerk, head)[2:] == [str(count), "100.0%", "100.0%"]
    assert "姓名为手工填写" in walk.page.text


def test_what_was_recorded_late(walk):
    """The response of 29 September was recorded on 31 October: 32 days later."""
    walk.follow("办理情况").follow("才登记的记录")
    row = walk.row("R-2016-0083-V036", "现场处置", "V036", "2016-09-29", "2016-10-31")
    assert row[5] == "32"
    days = [int(row[5]) for row in walk.page.cells()[1:]]
    assert days == sorted(days, reverse=True)
