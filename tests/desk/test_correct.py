"""Correcting an entry at the desk: prefilled, previewed, bound to what was shown."""

from __future__ import annotations

import pytest

from tests.desk.typed import BATCH, listed, record, total


@pytest.fixture
def counted(office):
    """The id of a batch of 小李's that counts: 到镇上访 6 人以下每批次扣 1 分."""
    entry_id = record(office.browser("小李"))
    office.tally("verify", entry_id, "--by", "王主任").ok()
    return entry_id


def test_the_form_has_what_was_recorded(office, counted):
    browser = office.browser("小李")
    browser.get("/correct", id=counted)
    fields = browser.form("entry").fields
    assert {name: fields[name] for name in BATCH} == {
        name: [value] for name, value in BATCH.items()
    }
    assert "f_id" not in fields
    assert "f_replaces" not in fields


def test_what_changes_is_shown_and_written_once_it_is_confirmed(office, counted):
    """Of 6 people to the town: −2 instead of −1; −1 not told of; 3 of reward lost: 5 fewer."""
    browser, before = office.browser("小李"), office.tally.position
    score = total(office)
    browser.get("/correct", id=counted)
    browser.send("entry", f_headcount="6", reason="人数录错")
    assert "V001 甲村 −5" in browser.text
    assert office.tally.position == before
    browser.send("confirm", step="confirm")
    assert browser.response.url.path == "/verify"
    made = {name: one["content"] for name, one in listed(office).items() if counted in name}
    assert made[f"{counted}.R"]["reason"] == "人数录错"
    assert made[f"{counted}.2"] == {
        **made[counted], "id": f"{counted}.2", "replaces": counted, "headcount": 6,
    }  # fmt: skip
    verifier = office.browser("王主任")
    verifier.get("/verify")
    verifier.send("queue", step="ticked", ids=[f"{counted}.R", f"{counted}.2"])
    assert float(total(office)) == float(score) - 5
    office.tally("check").ok()


def test_a_confirmation_is_shown_again_once_the_ledger_changed_it(office, counted):
    browser = office.browser("小李")
    browser.get("/correct", id=counted)
    browser.send("entry", f_headcount="6", reason="人数录错")
    other = record(office.browser("陈副主任"), **{**BATCH, "f_matter": "XF-8"})
    office.tally("verify", other, "--by", "王主任").ok()
    before = office.tally.position
    browser.send("confirm", step="confirm")
    assert "no longer the same" in browser.text
    assert office.tally.position == before
    browser.send("confirm", step="confirm")
    assert f"{counted}.2" in listed(office)


def test_an_optional_field_is_emptied(office):
    entry_id = record(office.browser("小李"), **BATCH, f_note="待核")
    browser = office.browser("小李")
    browser.get("/correct", id=entry_id)
    browser.send("entry", f_note="", reason="备注有误")
    browser.send("confirm", step="confirm")
    assert "note" not in listed(office)[f"{entry_id}.2"]["content"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": "重录"}, "there is nothing to correct"),
        ({"f_headcount": "6", "reason": ""}, "must not be empty"),
        ({"f_headcount": "六", "reason": "人数录错"}, "is not a whole number"),
        ({"f_unit": "丙村", "reason": "单位录错"}, "there is no unit 丙村"),
    ],
)
def test_a_refused_correction_keeps_what_was_typed_and_writes_nothing(office, counted, typed, said):
    browser, before = office.browser("小李"), office.tally.position
    browser.get("/correct", id=counted)
    browser.send("entry", status=422, **typed)
    assert said in browser.text
    fields = browser.form("entry").fields
    assert {name: fields[name] for name in typed} == {name: [one] for name, one in typed.items()}
    assert office.tally.position == before


def test_a_doubtful_correction_is_asked_about(office, counted):
    browser = office.browser("小李")
    browser.get("/correct", id=counted)
    browser.send("entry", status=422, f_headcount="1000", reason="人数录错")
    assert "1000 people are very many" in browser.text
    browser.send("entry", meant=browser.form("entry").choices["meant"])
    browser.send("confirm", step="confirm")
    assert listed(office)[f"{counted}.2"]["content"]["headcount"] == 1000


def test_what_was_taken_back_has_no_form(office, counted):
    office.tally("reverse", counted, "--reason", "重复", "--by", "小李").ok()
    browser = office.browser("小李")
    browser.get("/correct", id=counted)
    assert f"It was taken back already by {counted}.R." in browser.text
    assert "Preview" not in browser.text


def test_an_unknown_entry_is_not_found(office):
    browser = office.browser("小李")
    for path in ("/correct", "/reverse"):
        assert browser.http.get(path, params={"id": "B-99"}).status_code == 404
        assert browser.http.get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("小李", {"correct", "reverse"}),
        ("王主任", {"verify", "correct", "reverse"}),
        ("审计员", set()),
        ("甲村账户", set()),
    ],
)
def test_the_page_of_an_entry_leads_to_what_the_role_may_do(office, name, shown):
    entry_id = record(office.browser("小李"))
    browser = office.browser(name)
    browser.get("/entry", id=entry_id)
    links = browser.page.links
    assert {
        one for one in ("verify", "correct", "reverse") if f"/{one}?id={entry_id}" in links
    } == shown
