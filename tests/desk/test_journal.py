"""The journal: entries newest first, by filters that pages and files keep."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO

import pytest

from cli.desk.views import journal
from tests.cli.entries import batch, reports

ENTRIES = [
    *reports("V001", "2016-01"),
    batch("B-1", matter="XF-2016-900"),
    batch("B-2", unit="V002", occurred_at="2016-05-07T09:30:00+08:00", note="集体访"),
]


@pytest.fixture
def filled(office):
    """Return the office with four entries, of which the last is not verified."""
    office.record(*ENTRIES[:-1])
    office.record(ENTRIES[-1], verify=False)
    return office


def ids(page):
    return [one[0] for one in page.rows[1:]]


def opened(office, **filters):
    return ids(office.browser("审计员").get("/journal", **filters))


def test_every_entry_is_listed_the_newest_first(filled):
    page = filled.browser("审计员").get("/journal")
    assert ids(page) == ["B-2", "B-1", "CR-V001-2016-01", "SR-V001-2016-01", "V002", "V001"]
    (row,) = [one for one in page.rows if one[0] == "B-2"]
    assert row[1:5] == ["petition batch", "V002 乙村", "2016-05-07", "recorded"]
    assert row[5].startswith("小李")
    assert "note: 集体访" in row[7]
    assert "/entry?id=B-2" in page.links


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "petition_batch"}, ["B-2", "B-1"]),
        ({"unit": "V002"}, ["B-2", "V002"]),
        ({"unit": "乙村"}, ["B-2", "V002"]),
        ({"from": "2016-03-05", "to": "2016-03-05"}, ["B-1"]),
        ({"from": "2016-03-06"}, ["B-2"]),
        ({"by": "王主任"}, ["B-1", "CR-V001-2016-01", "SR-V001-2016-01"]),
        ({"status": "recorded"}, ["B-2"]),
        ({"text": "xf-2016-9"}, ["B-1"]),
        ({"text": "集体"}, ["B-2"]),
        ({"text": "occurred_at"}, []),
        ({"kind": "petition_batch", "unit": "V001"}, ["B-1"]),
        ({"late_by": "1000000"}, []),
    ],
)
def test_filters_select(filled, filters, expected):
    assert opened(filled, **filters) == expected


def test_an_import_is_selected_by_its_number(filled):
    """The last append but the signatures is of B-2 alone."""
    listed = filled.tally("list", "--json").ok().json["entries"]
    number = listed[-1]["recorded"]["position"]
    assert opened(filled, **{"import": str(number)}) == ["B-2"]


def test_what_was_sent_back_is_selected_by_its_status(filled):
    filled.tally("return", "B-2", "--reason", "人数不符", "--by", "王主任").ok()
    page = filled.browser("审计员").get("/journal", status="returned")
    assert [(one[0], one[4]) for one in page.rows[1:]] == [("B-2", "sent back")]


def test_the_form_shows_what_was_chosen(filled):
    browser = filled.browser("审计员")
    browser.get("/journal", kind="notice", text="两会", status="verified")
    fields = browser.form("filter").fields
    assert (fields["kind"], fields["text"], fields["status"]) == (
        ["notice"], ["两会"], ["verified"],
    )  # fmt: skip
    assert "Nothing is selected." in browser.text


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        ({"from": "7 May"}, "'7 May' is not a valid date"),
        ({"kind": "letter"}, "'letter' is not one of"),
        ({"unit": "丁村"}, "丁村 is not a unit of this ledger"),
        ({"import": "1000"}, "there is no import 1000"),
        ({"late_by": "many"}, "'many' is not a whole number"),
    ],
)
def test_a_malformed_filter_is_refused_in_the_form(filled, filters, why):
    browser = filled.browser("审计员")
    page = browser.get("/journal", **filters)
    assert why in page.text
    (name,) = filters
    if name != "kind":
        assert browser.form("filter").fields[name] == [filters[name]]


def test_pages_keep_the_filter(filled, monkeypatch):
    monkeypatch.setattr(journal, "ROWS", 1)
    page = filled.browser("审计员").get("/journal", kind="petition_batch")
    assert ids(page) == ["B-2"]
    assert "1 to 1 of 2" in page.text
    (after,) = {one for one in page.links if "part=" in one}
    assert after == "/journal?kind=petition_batch&part=2"
    page = filled.browser("审计员").get(after)
    assert ids(page) == ["B-1"]
    assert opened(filled, kind="petition_batch", part="9") == ["B-1"]


def test_what_is_selected_is_written_as_jsonl_that_import_reads(filled):
    http = filled.browser("审计员").http
    lines = http.get("/journal?kind=petition_batch&format=jsonl").text.splitlines()
    defaults = {"repeated": False, "key_person": False}
    assert [json.loads(line) for line in lines] == [{**one, **defaults} for one in ENTRIES[2:]]


def test_what_is_selected_is_written_as_csv_for_a_spreadsheet(filled):
    """A text that a spreadsheet would compute begins with an apostrophe."""
    filled.record(batch("B-3", note="=1+1"))
    response = filled.browser("审计员").http.get("/journal?text=%3D1&format=csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(StringIO(response.text.removeprefix("\ufeff")))
    assert (row["id"], row["recorded_by"], row["verified_by"]) == ("B-3", "小李", "王主任")
    assert "filename*=UTF-8''" in response.headers["content-disposition"]


def test_what_is_selected_is_written_as_a_workbook(filled):
    openpyxl = pytest.importorskip("openpyxl")
    content = filled.browser("审计员").http.get("/journal?unit=V002&format=xlsx").content
    (sheet,) = openpyxl.load_workbook(BytesIO(content))
    header, unit, entry = sheet.values
    assert header[:6] == ("编号", "种类", "单位", "名称", "日期", "状态")
    assert unit[:4] == ("V002", "单位", "V002", "乙村")
    assert entry[:4] == ("B-2", "上访批次", "V002", "乙村")
    assert entry[5:7] == ("登记", "小李")
    assert "集体访" in entry[10]


def test_a_file_of_too_many_entries_is_refused(filled, monkeypatch):
    monkeypatch.setattr(journal, "MOST_IN_A_FILE", {"xlsx": 3})
    response = filled.browser("审计员").http.get("/journal?format=xlsx")
    assert response.status_code == 400
    assert "6 entries are too many" in response.text


def test_units_do_not_see_the_journal(filled):
    assert filled.browser("甲村账户").http.get("/journal").status_code == 403


def test_list_finds_a_text_in_values(filled):
    found = filled.tally("list", "--text", "XF-2016-900", "--json").ok().json["entries"]
    assert [one["id"] for one in found] == ["B-1"]
