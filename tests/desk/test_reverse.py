"""Taking back an entry, or all of an import, at the desk."""

from __future__ import annotations

from tests.cli.entries import batch
from tests.desk.typed import listed, record, total


def test_what_changes_is_shown_and_written_once_it_is_confirmed(office):
    entry_id = record(office.browser("小李"))
    office.tally("verify", entry_id, "--by", "王主任").ok()
    score, before = total(office), office.tally.position
    browser = office.browser("小李")
    browser.get("/reverse", id=entry_id)
    browser.send("reversal", reason="重复录入")
    assert "V001 甲村 +1" in browser.text
    assert office.tally.position == before
    browser.send("confirm", step="confirm")
    assert listed(office)[f"{entry_id}.R"]["content"]["reason"] == "重复录入"
    office.tally("verify", f"{entry_id}.R", "--by", "王主任").ok()
    assert float(total(office)) == float(score) + 1
    office.tally("check").ok()


def test_a_reason_is_asked_for(office):
    entry_id = record(office.browser("小李"))
    before = office.tally.position
    browser = office.browser("小李")
    browser.get("/reverse", id=entry_id)
    browser.send("reversal", status=422, reason="")
    assert "must not be empty" in browser.text
    assert office.tally.position == before


def test_what_was_taken_back_is_not_taken_back_again(office):
    entry_id = record(office.browser("小李"))
    office.tally("reverse", entry_id, "--reason", "重复", "--by", "小李").ok()
    browser, before = office.browser("小李"), office.tally.position
    browser.get("/reverse", id=entry_id)
    assert f"It was taken back already by {entry_id}.R." in browser.text
    browser.send("reversal", status=422, reason="重复")
    assert office.tally.position == before


def test_an_import_is_taken_back_as_a_whole(office):
    """到镇上访 6 人以下每批次扣 1 分: two batches, 2 points back."""
    path = office.tally.file("batches.jsonl", batch("B-1"), batch("B-2"))
    number = office.tally("import", path, "--by", "小李", "--json").ok().json["import"]
    office.tally("verify", "--import", str(number), "--by", "王主任").ok()
    browser = office.browser("小李")
    browser.get("/reverse", **{"import": number})
    assert "The import recorded 2 entries." in browser.text
    browser.send("reversal", reason="文件有误")
    assert "V001 甲村 +2" in browser.text
    browser.send("confirm", step="confirm")
    assert {"B-1.R", "B-2.R"} <= set(listed(office))


def test_what_is_left_of_an_import_is_taken_back(office):
    path = office.tally.file("batches.jsonl", batch("B-1"), batch("B-2"))
    number = office.tally("import", path, "--by", "小李", "--json").ok().json["import"]
    office.tally("reverse", "B-1", "--reason", "重复", "--by", "小李").ok()
    browser = office.browser("小李")
    browser.get("/reverse", **{"import": number})
    browser.send("reversal", reason="文件有误")
    browser.send("confirm", step="confirm")
    assert {one for one in listed(office) if one.endswith((".R", ".R2"))} == {"B-1.R", "B-2.R"}


def test_an_unknown_import_is_not_found(office):
    browser = office.browser("小李")
    assert browser.http.get("/reverse", params={"import": "99"}).status_code == 404
    assert browser.http.get("/reverse", params={"import": "x"}).status_code == 400
