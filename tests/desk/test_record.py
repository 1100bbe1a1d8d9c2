"""Recording an entry at the desk: the form of its kind, doubts, the preview, refusals."""

from __future__ import annotations

import pytest

from tests.desk.typed import BATCH, listed, record


def test_each_kind_of_the_measure_has_a_form(office):
    browser = office.browser("小李")
    browser.get("/record")
    assert "petition batch" in browser.text
    assert "reversal" not in browser.text
    for kind in ("petition_batch", "case_report", "notice", "ruling", "carried_quarter"):
        browser.get("/record", kind=kind)
        assert "f_note" in browser.form("entry").fields


def test_the_form_has_the_choices_in_words_and_offers_units(office):
    browser = office.browser("小李")
    browser.get("/record", kind="petition_batch", lang="zh")
    assert browser.form("entry").choices["f_level"] == [
        "", "national", "province", "city", "district", "town",
    ]  # fmt: skip
    for words in ("登记：上访批次", "到镇", "人数", "V001 甲村", "直接登记"):
        assert words in browser.response.text


def test_the_address_fills_in_what_it_names(office):
    browser = office.browser("小李")
    browser.get("/record", kind="case_report", unit="V001", month="2016-03")
    fields = browser.form("entry").fields
    assert (fields["f_unit"], fields["f_month"]) == (["V001 甲村"], ["2016-03"])


def test_an_entry_is_recorded_at_once_under_the_account_and_the_ledgers_number(office):
    browser = office.browser("小李")
    assert record(browser) == "PB-2016-0001"
    assert "recorded PB-2016-0001" in browser.text
    (entry,) = (one for one in listed(office).values() if one["kind"] == "petition_batch")
    assert entry["recorded"]["by"] == "小李"
    assert entry["status"] == "recorded"
    assert entry["content"] == {
        "id": "PB-2016-0001",
        "kind": "petition_batch",
        "unit": "V001",
        "matter": "XF-7",
        "level": "town",
        "headcount": 3,
        "occurred_at": "2016-03-05T09:30:00+08:00",
        "abnormal": True,
        "repeated": False,
        "key_person": False,
    }
    office.tally("check").ok()


def test_the_preview_shows_the_points_and_writes_nothing_until_it_is_confirmed(office):
    browser, before = office.browser("小李"), office.tally.position
    browser.get("/record", kind="petition_batch")
    browser.send("entry", step="preview", **BATCH)
    assert "V001 甲村 −1" in browser.text
    assert "3 people to town" in browser.text
    assert office.tally.position == before
    browser.send("confirm", step="confirm")
    assert "PB-2016-0001" in listed(office)


def test_the_preview_leads_back_to_the_form_as_it_was_typed(office):
    browser = office.browser("小李")
    browser.get("/record", kind="petition_batch")
    browser.send("entry", step="preview", **BATCH)
    browser.send("confirm", step="edit")
    assert {name: browser.form("entry").fields[name] for name in BATCH} == {
        name: [value] for name, value in BATCH.items()
    }


def test_a_confirmation_is_bound_to_what_was_shown(office):
    """Another batch counts meanwhile: totals before and after are no longer as shown."""
    browser = office.browser("小李")
    other = record(browser, **{**BATCH, "f_matter": "XF-8"})
    browser.get("/record", kind="petition_batch")
    browser.send("entry", step="preview", **BATCH)
    office.tally("verify", other, "--by", "王主任").ok()
    before = office.tally.position
    browser.send("confirm", step="confirm")
    assert "no longer the same" in browser.text
    assert office.tally.position == before
    browser.send("confirm", step="confirm")
    assert len(listed(office, "petition_batch")) == 2


def test_a_confirmation_holds_where_the_ledger_moved_and_changed_nothing_of_it(office):
    browser = office.browser("小李")
    browser.get("/record", kind="petition_batch")
    browser.send("entry", step="preview", **{**BATCH, "f_id": "B-1"})
    office.tally(
        "record", "yellow_card", "--unit", "V002", "--issued-on", "2016-03-10", "--by", "王主任"
    ).ok()
    browser.send("confirm", step="confirm")
    assert "B-1" in listed(office)


@pytest.mark.parametrize("named", ["V002", "乙村", "V002 乙村"])
def test_a_unit_is_named_by_id_or_name_or_as_it_is_offered(office, named):
    entry_id = record(office.browser("小李"), **{**BATCH, "f_unit": named})
    assert listed(office)[entry_id]["content"]["unit"] == "V002"


def test_an_entry_referred_to_is_named_by_what_is_offered(office):
    browser = office.browser("小李")
    batch = record(browser)
    browser.get("/record", kind="on_site_response")
    assert f"{batch} 2016-03-05 V001 甲村" in browser.response.text
    fields = {"f_unit": "V001", "f_batch": f"{batch} 2016-03-05 V001 甲村"}
    browser.send("entry", **fields, f_arrival="prompt", f_effective="true", f_stay_minutes="45")
    (found,) = listed(office, "on_site_response").values()
    assert found["content"]["batch"] == batch


def test_units_of_a_notice_are_ticked(office):
    browser = office.browser("小李")
    browser.get("/record", kind="notice")
    assert browser.form("entry").choices["f_units"] == ["V001", "V002"]
    browser.send("entry", f_title="节前排查", f_due_on="2016-03-10", f_units=["V001", "V002"])
    (found,) = listed(office, "notice").values()
    assert found["content"]["units"] == ["V001", "V002"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("f_headcount", "六", "is not a whole number"),
        ("f_headcount", "0", "must be at least 1"),
        ("f_headcount", "", "is missing"),
        ("f_unit", "丙村", "there is no unit 丙村"),
        ("f_occurred_at", "2016-03-05", "is not a valid time"),
        ("f_note", "联系电话13812345678", "holds an identity-card, telephone"),
    ],
)
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(office, field, typed, said):
    browser, before = office.browser("小李"), office.tally.position
    browser.get("/record", kind="petition_batch")
    browser.send("entry", status=422, **{**BATCH, field: typed})
    assert said in browser.text
    assert f'id="{field}-error"' in browser.response.text
    kept, filled = browser.form("entry").fields, {**BATCH, field: typed}
    assert {name: kept[name] for name in filled} == {
        name: [value] for name, value in filled.items()
    }
    assert office.tally.position == before


def test_an_alike_entry_is_shown_and_let_in_once_it_is_meant(office):
    browser = office.browser("小李")
    first = record(browser)
    before = office.tally.position
    browser.get("/record", kind="petition_batch")
    browser.send("entry", status=422, **BATCH)
    assert f'href="/entry?id={first}"' in browser.response.text
    assert "--alike" not in browser.text
    assert office.tally.position == before
    browser.send("entry", meant=browser.form("entry").choices["meant"])
    assert len(listed(office, "petition_batch")) == 2


def test_what_is_meant_lets_in_nothing_that_was_not_shown(office):
    browser, before = office.browser("小李"), office.tally.position
    browser.get("/record", kind="petition_batch")
    browser.send("entry", status=422, **{**BATCH, "f_headcount": "1000"})
    assert "1000 people are very many" in browser.text
    (meant,) = browser.form("entry").choices["meant"]
    browser.send("entry", status=422, meant=[meant], f_headcount="2000")
    assert "2000 people are very many" in browser.text
    assert office.tally.position == before
    (meant,) = browser.form("entry").choices["meant"]
    browser.send("entry", meant=[meant])
    (found,) = listed(office, "petition_batch").values()
    assert found["content"]["headcount"] == 2000


def test_another_one_like_it_has_the_day(office):
    browser = office.browser("小李")
    record(browser)
    fields = browser.form("entry").fields
    assert fields["f_occurred_at"] == ["2016-03-05T09:30"]
    assert fields["f_matter"] == [""]


def test_a_kind_that_the_measure_does_not_ask_for_has_no_form(office):
    browser = office.browser("小李")
    for kind in ("reversal", "measure_entry", "fire"):
        assert browser.http.get("/record", params={"kind": kind}).status_code == 404
