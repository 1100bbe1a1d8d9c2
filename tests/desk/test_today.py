"""Today: what needs attention, by role, each with where it is done."""

from __future__ import annotations

from datetime import date

import pytest

from cli.desk.work import Desk
from tests.cli.entries import batch, reports

pytestmark = pytest.mark.usefixtures("april")

IN_TIME = [one for unit in ("V001", "V002") for one in reports(unit, "2015-12", "2016-01")]


def dues(page):
    """Return the rows of what is missing or due: day, clause, month, number of units."""
    rows = [[" ".join(text.split()) for text in one] for one in page.rows]
    return [tuple(one[:4]) for one in rows if one and one[0][:4].isdigit()]


def test_reports_that_are_missing_come_with_the_longest_overdue_first(office):
    """On 5 April reports for February and March are overdue, those for April due in 25 days."""
    office.record(*IN_TIME, *reports("V001", "2016-03"))
    page = office.browser("小李").get("/today")
    assert dues(page) == [
        ("2016-02-29 overdue", "Dispute screening", "2016-02", "2"),
        ("2016-02-29 overdue", "Monthly case reports", "2016-02", "2"),
        ("2016-03-31 overdue", "Dispute screening", "2016-03", "1"),
        ("2016-03-31 overdue", "Monthly case reports", "2016-03", "1"),
    ]
    assert "V001 甲村、V002 乙村" in page.text
    assert "/reports/record?clause=screening&what=2016-02" in page.links


def test_a_report_is_listed_a_week_before_it_is_due(office, monkeypatch):
    march = [one for unit in ("V001", "V002") for one in reports(unit, "2016-02", "2016-03")]
    office.record(*IN_TIME, *march)
    monkeypatch.setattr(Desk, "today", date(2016, 4, 22))
    assert dues(office.browser("小李").get("/today")) == []
    monkeypatch.setattr(Desk, "today", date(2016, 4, 23))
    assert {one[0] for one in dues(office.browser("小李").get("/today"))} == {"2016-04-30"}


def test_entries_to_verify_are_counted_with_the_oldest_and_who_recorded_them(office):
    office.record(batch("B-2"), batch("B-1"), verify=False)
    page = office.browser("王主任").get("/today")
    assert "2 entries, the oldest recorded on" in page.text
    assert "(B-2)" in page.text
    assert "recorded by 小李 2" in page.text
    assert "/journal?status=recorded" not in page.links
    assert "/journal?status=recorded" in office.browser("小李").get("/today").links


def test_a_verifier_is_told_of_entries_of_their_own(office):
    path = office.tally.file("own.jsonl", batch("B-1"))
    office.tally("import", path, "--by", "王主任").ok()
    assert "1 recorded by yourself" in office.browser("王主任").get("/today").text
    assert "recorded by yourself" not in office.browser("陈副主任").get("/today").text


def test_what_was_sent_back_is_named_to_its_recorder_with_the_reason(office):
    office.record(batch("B-1"), batch("B-2"), verify=False)
    office.tally("return", "B-1", "--reason", "人数不符", "--by", "王主任").ok()
    page = office.browser("小李").get("/today")
    assert "B-1 王主任: 人数不符" in page.text
    assert "/correct?id=B-1" in page.links
    assert "人数不符" not in office.browser("陈副主任").get("/today").text


def test_a_new_ledger_has_nothing_to_verify(office):
    page = office.browser("王主任").get("/today")
    assert "Everything recorded is verified." in page.text
    assert "No objection is undecided." in page.text


def test_a_period_that_is_over_without_an_edition_has_its_bulletin_due(office):
    """The first quarter ends on 29 February or 31 March, as the measure divides the year."""
    clerk = office.browser("小李")
    assert "2016Q1" in clerk.get("/today").text
    assert "2016Q2" not in clerk.text
    office.tally("publish", "2016Q1", "--by", "王主任").ok()
    page = clerk.get("/today")
    assert "edition 1 by 王主任 awaits verification" in page.text
    for link in page.links:
        if link.startswith(("/edition", "/publish")):
            clerk.get(link)
    office.tally("verify", "2016Q1", "--by", "陈副主任").ok()
    assert "Every period that is over has its bulletin." in clerk.get("/today").text
    assert "2016Q1" not in clerk.text


def test_objections_are_listed_until_they_are_decided(office):
    office.record(batch("B-1"))
    words = ["--unit", "V001", "--reason", "人数不符"]
    office.tally("object", "B-1", *words, "--by", "小李").ok()
    page = office.browser("小李").get("/today")
    assert "V001 · B-1: 人数不符" in page.text
    decision = ["dismissed", "--reason", "已核实"]
    office.tally("decide", "B-1.O", *decision, "--by", "王主任").ok()
    assert "No objection is undecided." in office.browser("小李").get("/today").text


def test_an_upheld_objection_is_listed_until_its_entry_is_corrected(office):
    office.record(batch("B-1"))
    heading = "Upheld objections to be carried out"
    words = ["--unit", "V001", "--reason", "人数不符"]
    office.tally("object", "B-1", *words, "--by", "小李").ok()
    assert heading not in office.browser("小李").get("/today").text
    office.tally("decide", "B-1.O", "upheld", "--reason", "核实为2人", "--by", "王主任").ok()
    page = office.browser("小李").get("/today")
    assert heading in page.text
    assert "V001 · B-1: 人数不符 → 核实为2人" in page.text
    correction = ["--set", "headcount=2", "--reason", "核实", "--by", "小李", "--yes"]
    office.tally("correct", "B-1", *correction).ok()
    assert heading not in office.browser("小李").get("/today").text


def test_an_upheld_objection_to_a_missing_report_ends_when_the_report_is_recorded(office):
    subject = "2016Q1:screening"
    words = ["--unit", "V001", "--reason", "已报送"]
    made = office.tally("object", subject, *words, "--by", "小李", "--json").ok()
    objection = made.json["objection"]
    office.tally("decide", objection, "upheld", "--reason", "已找到", "--by", "王主任").ok()
    heading = "Upheld objections to be carried out"
    assert heading in office.browser("小李").get("/today").text
    office.record(*reports("V001", "2016-01"))
    assert heading not in office.browser("小李").get("/today").text


def test_an_adoption_that_awaits_verification_is_named(office):
    office.tally(
        "measure", "adopt", "qianlianghu-2016", "--year", "2017", "--basis", "通知", "--by", "小李"
    ).ok()
    page = office.browser("王主任").get("/today")
    assert "measure:2017" in page.text


def test_open_points_are_counted_by_kind(office):
    """An unverified batch, and of each of two villages the items not inspected yet."""
    office.record(batch("B-1"), verify=False)
    page = office.browser("审计员").get("/today")
    assert "unverified 1" in page.text
    assert "/open?flag=unverified" in page.links


def test_what_cannot_be_scored_says_why_in_its_place(office):
    """2019 has no measure: the rest of the page is still there."""
    clerk = office.browser("小李")
    page = clerk.get("/today", year="2019")
    assert "2019" in page.text
    assert "no measure" in page.text
    assert "No objection is undecided." in page.text


def test_a_unit_sees_its_own_score_duties_and_objections_alone(office):
    """甲村 misses February and March of both reports; 20 opening points less what that costs."""
    office.record(*IN_TIME, batch("B-1"), batch("B-2", unit="V002"))
    for entry, unit in (("B-1", "V001"), ("B-2", "V002")):
        words = ["--unit", unit, "--reason", f"{unit}人数不符"]
        office.tally("object", entry, *words, "--by", "小李").ok()
    decision = ["upheld", "--reason", "已更正"]
    office.tally("decide", "B-1.O", *decision, "--by", "王主任").ok()
    page = office.browser("甲村账户").get("/today")
    assert "V001人数不符upheld: 已更正" in page.text
    score = office.tally("score", "--unit", "V001", "--json").ok().json["units"][0]["total"]
    assert f"V001 甲村: {score}" in page.text
    owed = [(one[0], one[2], one[3]) for one in dues(page)]
    assert ("2016-02-29", "2016-02", "not in") in owed
    assert ("2016-04-30", "2016-04", "due within a month") in owed
    for foreign in ("V002", "乙村", "B-2"):
        assert foreign not in office.browser("甲村账户").response.text


@pytest.mark.parametrize("name", ["小李", "王主任", "审计员", "甲村账户"])
def test_every_link_leads_to_a_page_that_the_account_may_open(office, name):
    office.record(*IN_TIME, batch("B-1"))
    office.record(batch("B-2"), verify=False)
    words = ["--unit", "V001", "--reason", "人数不符"]
    office.tally("object", "B-1", *words, "--by", "小李").ok()
    office.tally("publish", "2016Q1", "--by", "王主任").ok()
    browser = office.browser(name)
    for link in {one for one in browser.get("/today").links if one.startswith("/")}:
        assert browser.http.get(link).status_code == 200, link


def test_a_day_in_no_adopted_year_is_told(office, monkeypatch):
    """The ledger has the measure of 2016 alone."""
    monkeypatch.setattr(Desk, "today", date(2018, 4, 5))
    page = office.browser("小李").get("/today")
    assert "lies in no year that has a measure in force; 2016 is shown" in page.text
