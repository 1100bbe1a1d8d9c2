"""Who has reported: the grid, recording from it, its filters and its workbook."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from cli.desk.work import Desk
from cli.session import session
from tests.cli.entries import reports
from tests.cli.test_other_office import ledger
from tests.desk.conftest import PASSPHRASE, Office

pytestmark = pytest.mark.usefixtures("april")

MARCH = [*reports("V001", "2016-01", "2016-02", "2016-03"), *reports("V002", "2016-01")]
"""Of the months from December to March, V001 owes December alone, V002 three of four."""


def contents(office, kind):
    found = office.tally("list", kind, "--json").ok().json["entries"]
    return [{k: v for k, v in one["content"].items() if k != "kind"} for one in found]


def row(page, unit):
    """Return the texts of a unit's row, without the unit."""
    (found,) = [one for one in page.rows if one and one[0].startswith(unit)]
    return [" ".join(text.split()) for text in found[1:]]


def columns(page):
    return [text.split("by")[0].strip() for text in page.rows[1][1:-1]]


def test_each_cell_is_in_missing_due_or_not_yet_due(office):
    """On 5 April the report of April is due within a month, that of May in more than one."""
    office.record(*MARCH)
    page = office.browser("小李").get("/reports")
    assert columns(page)[:6] == ["2015-12", "2016-01", "2016-02", "2016-03", "2016-04", "2016-05"]
    # The assessment year begins in December: the periods above the months say so.
    assert page.rows[0] == ["", "Q1", "Q2", "Q3", "Q4", ""]
    assert row(page, "V001")[:6] == [
        "not in", "2016-01-20", "2016-02-20", "2016-03-20", "due within a month", "not yet due",
    ]  # fmt: skip
    assert row(page, "V002")[:4] == ["not in", "2016-01-20", "not in", "not in"]
    assert row(page, "V001")[-1] == "3 of 5"
    assert row(page, "V002")[-1] == "1 of 5"


def test_each_column_says_how_many_are_in(office):
    office.record(*MARCH)
    page = office.browser("小李").get("/reports")
    heads = [" ".join(text.split()) for text in page.rows[1][1:6]]
    assert [text.split("31")[-1].split("29")[-1][:6] for text in heads[:4]] == [
        "0 of 2", "2 of 2", "1 of 2", "1 of 2",
    ]  # fmt: skip


def test_a_late_report_shows_its_day(office):
    """A report of January is owed by its last day."""
    late = {**reports("V001", "2016-01")[0], "submitted_on": "2016-02-03"}
    office.record(late)
    page = office.browser("小李").get("/reports")
    assert row(page, "V001")[1] == "2016-02-03 in late"
    assert row(page, "V001")[-1] == "1 of 5"


def test_of_what_is_counted_a_cell_shows_how_many_of_how_many(office):
    office.record({**reports("V001", "2016-01")[1], "cases": 1})
    page = office.browser("小李").get("/reports", clause="case-reports")
    assert row(page, "V001")[0] == "not in 0/2"
    assert row(page, "V001")[1] == "too few 1/2"


def test_what_is_recorded_and_not_verified_is_in_and_marked(office):
    office.record(reports("V001", "2016-03")[0], verify=False)
    page = office.browser("小李").get("/reports")
    assert row(page, "V001")[3] == "2016-03-20 unverified"


def test_several_cells_are_recorded_in_one_append_with_ids_of_the_ledger(office):
    """Each was missing (−1) and came in time (0): +1 for each unit."""
    clerk = office.browser("小李")
    clerk.get("/reports")
    clerk.send("cells", cell=["V001 2016-03", "V002 2016-03"], on="2016-03-30")
    assert contents(office, "screening_report") == []
    assert "V001 甲村 +1" in clerk.text
    assert "V002 乙村 +1" in clerk.text
    before = office.tally.position
    page = clerk.send("confirm", step="confirm")
    day = {"month": "2016-03", "submitted_on": "2016-03-30"}
    assert contents(office, "screening_report") == [
        {"id": "SR-2016-0001", "unit": "V001", **day},
        {"id": "SR-2016-0002", "unit": "V002", **day},
    ]
    found = office.tally("list", "--import", before + 1, "--json").ok().json["entries"]
    assert [one["recorded"]["by"] for one in found] == ["小李", "小李"]
    assert row(page, "V001")[3] == "2016-03-30 unverified"
    assert "recorded 2 (import" in clerk.text
    office.tally("check").ok()


def test_a_form_sent_twice_records_once(office):
    clerk = office.browser("小李")
    clerk.get("/reports")
    clerk.send("cells", cell=["V001 2016-03"], on="2016-03-30")
    form = clerk.form("confirm")
    for _ in range(2):
        clerk.http.post(form.action, data={**form.fields, "step": "confirm"})
    assert len(contents(office, "screening_report")) == 1


def test_the_number_of_cases_is_asked_for_each_cell(office):
    clerk = office.browser("小李")
    clerk.get("/reports", clause="case-reports")
    clerk.send("cells", cell=["V001 2016-03", "V002 2016-03"], on="2016-03-30")
    asked = {"cases V001 2016-03": "2", "cases V002 2016-03": "3", "on V002 2016-03": "2016-03-31"}
    clerk.send("report", **asked)
    clerk.send("confirm", step="confirm")
    assert contents(office, "case_report") == [
        {"id": "CR-2016-0001", "unit": "V001", "month": "2016-03", "cases": 2,
         "submitted_on": "2016-03-30"},
        {"id": "CR-2016-0002", "unit": "V002", "month": "2016-03", "cases": 3,
         "submitted_on": "2016-03-31"},
    ]  # fmt: skip


def test_a_column_offers_all_that_are_not_in(office):
    office.record(*MARCH)
    clerk = office.browser("小李")
    page = clerk.get("/reports")
    assert "/reports/record?clause=screening&what=2015-12" in page.links
    clerk.get("/reports/record", clause="screening", what="2016-03")
    assert clerk.form("report").fields["cell"] == ["V002 2016-03"]


def test_a_malformed_answer_is_refused_and_the_others_are_kept(office):
    clerk = office.browser("小李")
    clerk.get("/reports/record", clause="case-reports", what="2016-03")
    before = office.tally.position
    given = {"cases V001 2016-03": "two", "cases V002 2016-03": "3", "cell": ["V001 2016-03"]}
    clerk.send("report", on="2016-03-30", status=422, **given)
    assert "V001 2016-03: " in clerk.text
    assert "'two' is not a whole number" in clerk.text
    form = clerk.form("report")
    assert form.fields["cases V002 2016-03"] == ["3"]
    assert form.fields["cell"] == ["V001 2016-03"]
    assert form.fields["on"] == ["2016-03-30"]
    assert office.tally.position == before


def test_an_answer_that_is_left_out_is_refused(office):
    clerk = office.browser("小李")
    clerk.get("/reports/record", clause="case-reports", what="2016-03", unit="V001")
    clerk.send("report", on="2016-03-30", status=422)
    assert "cases" in clerk.text
    assert contents(office, "case_report") == []


def test_no_tick_records_nothing(office):
    clerk = office.browser("小李")
    clerk.get("/reports/record", clause="screening", what="2016-03")
    clerk.send("report", cell=None, status=422)
    assert "no cell is ticked" in clerk.text


def test_what_is_hardly_ever_true_is_recorded_only_if_it_is_meant(office):
    clerk = office.browser("小李")
    clerk.get("/reports/record", clause="screening", what="2016-03", unit="V001")
    clerk.send("report", on="2015-01-30", status=422)
    assert "2015-01-30 lies more than a month before" in clerk.text
    (token,) = clerk.form("report").choices["meant"]
    clerk.send("report", meant=token)
    clerk.send("confirm", step="confirm")
    assert [one["submitted_on"] for one in contents(office, "screening_report")] == ["2015-01-30"]


def test_from_the_preview_one_comes_back_to_the_form(office):
    clerk = office.browser("小李")
    clerk.get("/reports")
    clerk.send("cells", cell=["V001 2016-03"], on="2016-03-29")
    clerk.send("confirm", step="edit")
    fields = clerk.form("report").fields
    assert (fields["cell"], fields["on"]) == (["V001 2016-03"], ["2016-03-29"])
    assert contents(office, "screening_report") == []


def test_two_people_at_one_cell_record_it_once(office):
    one, other = office.browser("小李"), office.browser("陈副主任")
    for browser in (one, other):
        browser.get("/reports")
        browser.send("cells", cell=["V001 2016-03"], on="2016-03-30")
    one.send("confirm", step="confirm")
    other.send("confirm", step="confirm", status=422)
    assert "V001 2016-03: recorded meanwhile" in other.text
    assert len(contents(office, "screening_report")) == 1


def test_it_is_shown_again_before_it_is_recorded_if_the_ledger_moved(office):
    """The other report of the month came in between: the preview is of another position."""
    clerk = office.browser("小李")
    clerk.get("/reports")
    clerk.send("cells", cell=["V001 2016-03"], on="2016-03-30")
    office.record(reports("V002", "2016-03")[0])
    clerk.send("confirm", step="confirm")
    assert "The ledger moved, and what would change is no longer the same" in clerk.text
    assert len(contents(office, "screening_report")) == 1
    clerk.send("confirm", step="confirm")
    assert len(contents(office, "screening_report")) == 2


def test_a_report_for_a_notice_says_so(office):
    notice = {"kind": "notice", "id": "N-1", "title": "两会期间排查", "due_on": "2016-03-10"}
    office.record(notice)
    clerk = office.browser("小李")
    clerk.get("/reports")
    clerk.send("cells", cell=["V001 N-1"], on="2016-03-09")
    clerk.send("confirm", step="confirm")
    assert contents(office, "screening_report") == [
        {"id": "SR-2016-0001", "unit": "V001", "notice": "N-1", "submitted_on": "2016-03-09"}
    ]


def test_rows_and_columns_are_selected_by_unit_state_and_month(office):
    office.record(*MARCH)
    clerk = office.browser("小李")
    page = clerk.get("/reports", unit="乙")
    assert [one[0].split()[0] for one in page.rows[2:]] == ["V002"]
    page = clerk.get("/reports", state="missing", month="2016-03")
    assert columns(page) == ["2016-03"]
    assert [one[0].split()[0] for one in page.rows[2:]] == ["V002"]
    page = clerk.get("/reports", state="missing")
    assert columns(page) == ["2015-12", "2016-02", "2016-03"]


def test_an_unknown_clause_or_state_is_refused(office):
    clerk = office.browser("小李")
    clerk.get("/reports")
    for path in ("/reports?clause=x", "/reports?state=x", "/reports/record?clause=x&what=y"):
        assert clerk.http.get(path).status_code == 400


def test_an_auditor_sees_the_grid_and_cannot_record(office):
    page = office.browser("审计员").get("/reports")
    assert row(page, "V001")[0] == "not in"
    assert not [1 for tag, given in page.tags if given.get("type") == "checkbox"]
    assert office.browser("审计员").http.get("/reports/record").status_code == 403


def test_the_workbook_has_a_sheet_for_each_clause(office):
    """It follows the filters: here the village V001 alone."""
    openpyxl = pytest.importorskip("openpyxl")
    office.record(*MARCH)
    clerk = office.browser("小李")
    clerk.get("/reports", unit="V001")
    content = clerk.http.get("/reports?unit=V001&format=xlsx").content
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["矛盾纠纷排查", "信访事项办理情况月报", "明细"]
    rows = list(book["矛盾纠纷排查"].values)
    assert rows[1][:5] == ("单位", "名称", "2015年12月", "2016年1月", "2016年2月")
    assert rows[2][:4] == ("V001", "甲村", "未报", "已报\n1月20日")
    assert rows[2][-1] == "3/5"
    assert rows[3][:4] == ("已报", None, "0/1", "1/1")


def test_missing_writes_a_workbook(office, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    office.record(*MARCH)
    path = tmp_path / "missing.xlsx"
    office.tally("missing", "--through", "2016-04-05", "--format", "xlsx", "-o", path).ok()
    book = openpyxl.load_workbook(path)
    rows = list(book["矛盾纠纷排查"].values)
    assert rows[3] == (
        "V002", "乙村", "未报", "已报\n1月20日", "未报", "未报", "一个月内到期", "1/5",
    )  # fmt: skip
    # What is in on time, as of January, or due later fills no pages of the list.
    above, _, *listed = book["明细"].values
    assert above[0].endswith("；按期报送并已核定的、未到期的不列")
    of_unit = [one[5] for one in listed if one[0] == "V002" and one[2] == "矛盾纠纷排查"]
    assert of_unit == ["未报", "未报", "未报", "一个月内到期"]
    office.tally("missing", "--format", "xlsx").misused()


def test_the_kinds_of_any_measure_are_recorded(tmp_path, monkeypatch):
    """Patrol logs of stations, due on the 25th, with kilometres; fire breaks, due by 30 April."""
    tally = ledger(tmp_path)
    monkeypatch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", PASSPHRASE)
    tally("account", "add", "王主任", "--role", "verifier").ok()
    tally("account", "add", "小李", "--role", "clerk", "--by", "王主任").ok()
    monkeypatch.setattr(Desk, "today", date(2023, 5, 5))
    with session(tally.url) as opened:
        clerk = Office(tally, opened).browser("小李")
        clerk.get("/reports", clause="logs")
        clerk.send("cells", cell=["S3 2023-04"], on="2023-04-26")
        clerk.send("report", **{"done S3 2023-04": "40", "planned S3 2023-04": "50"})
        clerk.send("confirm", step="confirm")
        clerk.get("/reports/record", clause="fire-break", what="2023-04-30", unit="S3")
        assert clerk.form("report").fields["cell"] == ["S3 2023-04-30"]
        clerk.send("report", on="2023-05-02")
        clerk.send("confirm", step="confirm")
    logs = tally("list", "patrol_log", "--unit", "S3", "--json").ok().json["entries"]
    assert logs[-1]["content"] == {
        "kind": "patrol_log", "id": "PL-2023-0001", "unit": "S3", "month": "2023-04",
        "handed_on": "2023-04-26", "done": 40, "planned": 50,
    }  # fmt: skip
    (done,) = tally("list", "plan_done", "--unit", "S3", "--json").ok().json["entries"]
    assert done["dated"] == "2023-05-02"
