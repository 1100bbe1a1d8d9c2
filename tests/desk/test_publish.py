"""Bulletins at the desk: states of periods, preview, a second person, editions as they went out."""

from __future__ import annotations

import io
import re

import docx
import pytest

from tests.cli.entries import batch, reports


@pytest.fixture
def full(office):
    """Return the office with the reports of a quarter, and a batch that costs V001 a point."""
    tally = office.tally
    entries = [
        *reports("V001", "2015-12", "2016-01", "2016-02"),
        batch("B-1", occurred_at="2016-02-05T09:30:00+08:00"),
    ]
    tally("import", tally.file("q1.jsonl", *entries), "--by", "小李").ok()
    tally("verify", "--all", "--by", "王主任").ok()
    return office


def publish(office, name="小李", period="2016Q1", **fields):
    browser = office.browser(name)
    browser.get("/publish", period=period)
    browser.send("publish-form", **fields)
    return browser


def editions(office, period="2016Q1"):
    return office.tally("history", period, "--json").json["events"]


def test_the_periods_of_the_year_are_listed_with_their_states(full):
    browser = full.browser("审计员")
    browser.get("/publish", year="2016")
    assert "2016Q1" in browser.text
    assert browser.text.count("due") >= 4
    publish(full)
    browser.get("/publish", year="2016")
    assert "awaits verification by another person than 小李" in browser.text


def test_what_is_shown_is_what_is_published_verified_and_kept(full):
    browser = full.browser("小李")
    browser.get("/publish", period="2016Q1")
    shown = re.findall(r"<tbody>.*?</tbody>", browser.response.text, re.DOTALL)[-1]
    browser.send("publish-form")
    assert "edition 1 of 2016Q1 is published" in browser.text
    assert "You published it" in browser.text
    head = full.browser("王主任")
    head.get("/edition", period="2016Q1", number="1")
    assert shown in head.response.text
    head.send("verify")
    assert "in force since" in head.text
    full.tally(
        "correct", "B-1", "--set", "headcount=12", "--reason", "x", "--by", "小李", "--yes"
    ).ok()
    full.tally("verify", "--all", "--by", "王主任").ok()
    head.get("/edition", period="2016Q1", number="1")
    assert shown in head.response.text
    assert [one["event"] for one in editions(full)] == ["published", "verified"]
    full.tally("check").ok()


def test_gaps_are_named_before_it_is_published(full):
    browser = full.browser("小李")
    browser.get("/publish", period="2016Q2", through="2016-05-01")
    assert "it is not over: its last day is" in browser.text
    assert "all the same" in browser.text


def test_nobody_verifies_what_they_published(full):
    browser = publish(full, "王主任")
    fields = browser.form("withdraw").fields
    response = browser.http.post("/edition/verify", data=fields)
    assert response.status_code == 422
    assert [one["event"] for one in editions(full)] == ["published"]


def test_an_edition_replaces_another_with_a_reason_alone(full):
    publish(full)
    full.tally("verify", "2016Q1", "--by", "王主任").ok()
    browser = full.browser("小李")
    browser.get("/publish", period="2016Q1")
    browser.send("publish-form", reason="", status=422)
    assert len(editions(full)) == 2
    browser.send("publish-form", reason="更正一季度通报")
    assert "更正一季度通报" in browser.text
    assert [one["event"] for one in editions(full)] == ["published", "verified", "published"]


def test_a_bulletin_is_not_published_as_it_was_not_shown(full):
    browser = full.browser("小李")
    browser.get("/publish", period="2016Q1")
    full.tally(
        "import", full.tally.file("b.jsonl", batch("B-2", matter="XF-9")), "--by", "小李"
    ).ok()
    browser.send("publish-form", status=422)
    assert "nothing was written" in browser.text
    assert full.tally("history", "2016Q1", "--json").status != 0 or not editions(full)
    browser.send("publish-form")
    assert len(editions(full)) == 1


def test_an_edition_is_withdrawn_with_a_reason(full):
    browser = publish(full)
    browser.send("withdraw", reason="", status=422)
    browser.send("withdraw", reason="数据有误")
    assert "数据有误" in browser.text
    assert [one["event"] for one in editions(full)] == ["published", "withdrawn"]
    browser.get("/publish", year="2016")
    assert "withdrawn" in browser.text


def test_an_act_on_an_edition_that_is_not_the_last_is_refused(full):
    browser = publish(full)
    fields = browser.form("withdraw").fields | {"reason": "x"}
    full.tally("withdraw", "2016Q1", "--reason", "y", "--by", "王主任").ok()
    publish(full)
    response = browser.http.post("/edition/withdraw", data=fields)
    assert response.status_code == 422
    assert [one["event"] for one in editions(full)] == ["published", "withdrawn", "published"]


def test_an_edition_comes_as_a_word_document_with_the_published_figures(full):
    publish(full)
    auditor = full.browser("审计员")
    response = auditor.http.get("/edition/document", params={"period": "2016Q1", "number": "1"})
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"].startswith("attachment")
    words = "".join(one.text for one in docx.Document(io.BytesIO(response.content)).paragraphs)
    assert "2016" in words


def test_an_edition_that_does_not_exist_is_an_error_page(full):
    browser = full.browser("小李")
    for parameters in (
        {"period": "2016Q1"},
        {"period": "2016Q9", "number": "1"},
        {"period": "x"},
        {"period": "2016Q1", "number": "99999999999999999999"},
        {},
    ):
        assert browser.http.get("/edition", params=parameters).status_code in {400, 404}


@pytest.mark.parametrize(("name", "status"), [("审计员", 200), ("甲村账户", 403)])
def test_who_may_not_publish_does_not(full, name, status):
    browser = full.browser(name)
    assert browser.http.get("/publish", params={"period": "2016Q1"}).status_code == status
    fields = {"csrf": browser.form("sign-out").fields["csrf"], "period": "2016Q1", "reason": "x"}
    for path in ("/publish", "/edition/verify", "/edition/withdraw"):
        assert browser.http.post(path, data=fields).status_code == 403
    assert full.tally("history", "2016Q1", "--json").status != 0 or not editions(full)


def test_a_clerk_does_not_verify(full):
    browser = publish(full)
    other = full.browser("王主任")
    other.get("/edition", period="2016Q1", number="1")
    fields = {**other.form("verify").fields, "csrf": browser.form("sign-out").fields["csrf"]}
    assert browser.http.post("/edition/verify", data=fields).status_code == 403
