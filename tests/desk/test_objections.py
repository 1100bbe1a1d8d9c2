"""Objections at the desk: a unit's for itself alone, the office's decisions."""

from __future__ import annotations

import pytest

from tests.cli.entries import batch

OWN, OTHER = "B-1", "B-2"


@pytest.fixture
def charged(office):
    """Return the office with a batch of V001, and one of V002, both verified."""
    at = "2016-02-05T09:30:00+08:00"
    entries = batch(OWN, occurred_at=at), batch(OTHER, unit="V002", occurred_at=at)
    office.tally("import", office.tally.file("b.jsonl", *entries), "--by", "小李").ok()
    office.tally("verify", "--all", "--by", "王主任").ok()
    return office


def position_of(office):
    return office.tally("account", "list", "--json").ok().json["position"]


def choose(office, name="甲村账户", **parameters):
    browser = office.browser(name)
    browser.get("/objections", year="2016", period="2016Q1", **parameters)
    return browser


def test_a_unit_objects_to_an_entry_of_its_own_and_reads_the_decision(charged):
    browser = choose(charged)
    browser.send("object", subject=OWN, reason="人数不符")
    assert "V001 objects to B-1: B-1.O" in browser.text
    event = charged.tally("history", "B-1.O", "--json").ok().json["events"][0]
    assert (event["by"], event["unit"], event["reason"]) == ("甲村账户", "V001", "人数不符")
    head = charged.browser("小李")
    head.get("/objections")
    head.send("decide-1", outcome="upheld", reason="核实为2人")
    assert "B-1.O is upheld" in head.text
    browser.get("/objections")
    assert "核实为2人" in browser.text
    charged.tally("check").ok()


def test_a_unit_objects_to_a_posting(charged):
    browser = choose(charged)
    subjects = browser.form("object").choices["subject"]
    postings = [one for one in subjects if one.startswith("2016Q1:")]
    assert postings
    browser.send("object", subject=postings[0], reason="已按时报送")
    assert "V001 objects to 2016Q1 三（一）" in browser.text
    assert postings[0] not in browser.text
    browser.get("/today")
    assert "V001 · 2016Q1 三（一）" in browser.text


def test_a_unit_chooses_among_its_own_alone(charged):
    browser = choose(charged, unit="V002")
    assert OWN in browser.form("object").choices["subject"]
    assert OTHER not in browser.response.text
    assert "乙村" not in browser.response.text
    assert "V002" not in browser.text


@pytest.mark.parametrize("unit", ["V001", "V002"])
@pytest.mark.parametrize("subject", [OTHER, "B-99", "V002", "", "2016Q1:no_such_clause", "x:y"])
def test_a_crafted_form_does_not_object_for_or_to_another_unit(charged, unit, subject):
    browser, before = choose(charged), position_of(charged)
    browser.send("object", subject=subject, unit=unit, reason="x", status=422)
    assert position_of(charged) == before


def test_a_unit_named_in_a_form_is_not_the_one_that_objects(charged):
    browser = choose(charged)
    browser.send("object", subject=OWN, unit="V002", reason="x")
    event = charged.tally("history", "B-1.O", "--json").ok().json["events"][0]
    assert event["unit"] == "V001"


def test_a_refusal_does_not_tell_whether_another_unit_has_the_entry(charged):
    browser, told = choose(charged), set()
    for subject in (OTHER, "B-99"):
        browser.send("object", subject=subject, reason="x", status=422)
        told.add(browser.text.split("B-", 1)[-1].split("Object for")[0].lstrip("0123456789"))
    assert len(told) == 1


def test_a_unit_sees_no_objection_of_another(charged):
    office = choose(charged, "小李", unit="V002")
    office.send("object", subject=OTHER, reason="乙村的理由")
    assert "B-2.O" in office.text
    browser = choose(charged)
    assert "B-2.O" not in browser.response.text
    assert "乙村的理由" not in browser.response.text


def test_a_unit_sees_no_objection_of_another_to_an_entry_of_both(office):
    office.record(batch("B-1", host_unit="V002", occurred_at="2016-03-05T09:30:00+08:00"))
    for unit, reason in (("V001", "甲村的理由"), ("V002", "乙村的理由")):
        office.tally("object", "B-1", "--unit", unit, "--reason", reason, "--by", "小李").ok()
    seen = office.browser("甲村账户").http.get("/entry?id=B-1").text
    assert "甲村的理由" in seen
    assert "乙村的理由" not in seen
    assert "乙村的理由" in office.browser("小李").http.get("/entry?id=B-1").text


def test_the_office_records_an_objection_made_on_paper(charged):
    browser = choose(charged, "小李", unit="V002")
    browser.send("object", subject=OTHER, reason="乙村来函")
    event = charged.tally("history", "B-2.O", "--json").ok().json["events"][0]
    assert (event["by"], event["unit"]) == ("小李", "V002")


def test_an_objection_and_a_decision_have_reasons(charged):
    browser, before = choose(charged), position_of(charged)
    browser.send("object", subject=OWN, reason=" ", status=422)
    assert position_of(charged) == before
    browser.send("object", subject=OWN, reason="人数不符")
    head = charged.browser("王主任")
    head.get("/objections")
    head.send("decide-1", outcome="upheld", reason="", status=422)
    head.send("decide-1", outcome="", reason="核实", status=422)
    assert position_of(charged) == before + 2


def test_an_objection_is_decided_once(charged):
    choose(charged).send("object", subject=OWN, reason="人数不符")
    first, second = charged.browser("王主任"), charged.browser("小李")
    first.get("/objections")
    second.get("/objections")
    first.send("decide-1", outcome="dismissed", reason="属实")
    position = position_of(charged)
    second.send("decide-1", outcome="upheld", reason="不属实", status=422)
    assert "dismissed already" in second.text
    assert position_of(charged) == position


@pytest.mark.parametrize("name", ["审计员", "甲村账户"])
def test_only_recorders_decide(charged, name):
    choose(charged).send("object", subject=OWN, reason="人数不符")
    browser, before = charged.browser(name), position_of(charged)
    browser.get("/me")
    fields = {
        "csrf": browser.form("sign-out").fields["csrf"],
        "objection": "B-1.O",
        "outcome": "upheld",
        "reason": "x",
    }
    assert browser.http.post("/objections/decide", data=fields).status_code == 403
    assert position_of(charged) == before


def test_an_auditor_does_not_object(charged):
    browser = charged.browser("审计员")
    browser.get("/objections", unit="V001")
    fields = {"csrf": browser.form("sign-out").fields["csrf"], "subject": OWN, "unit": "V001"}
    assert browser.http.post("/objections", data={**fields, "reason": "x"}).status_code == 403
