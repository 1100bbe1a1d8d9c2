"""The queue of what awaits verification: what each moves, verified or sent back after seeing it."""

from __future__ import annotations

from tests.cli.entries import batch
from tests.desk.typed import listed, record, total


def import_batches(office, *numbers):
    """Import a batch of each number as 小李, unverified; return the number of the import."""
    path = office.tally.file("batches.jsonl", *map(batch, numbers))
    return str(office.tally("import", path, "--by", "小李", "--json").ok().json["import"])


def statuses(office):
    return {name: one["status"] for name, one in listed(office, "petition_batch").items()}


def test_the_queue_shows_content_recorder_and_what_each_moves(office):
    record(office.browser("小李"))
    browser = office.browser("王主任")
    browser.get("/verify", lang="zh")
    for words in ("V001 甲村", "XF-7", "到镇", "小李 登记", "核定后: V001 甲村 −1"):
        assert words in browser.text


def test_a_figure_near_an_edge_is_marked(office):
    """三（一）2: to the district 30 people cost 4, 31 cost 5; of 20 no near number matters."""
    for name, headcount in (("B-1", 30), ("B-2", 20)):
        entry = batch(name, level="district", headcount=headcount)
        office.tally("import", office.tally.file("one.jsonl", entry), "--by", "小李").ok()
    browser = office.browser("王主任")
    browser.get("/verify", lang="zh")
    assert browser.text.count("临界 V001 人数") == 1
    assert "临界 V001 人数 30，若为 31：−1 分 (按全部待核定记录都核定计算)" in browser.text


def test_the_papers_that_an_entry_rests_on_are_at_hand(office):
    paper = {"name": "接访记录.pdf", "sha256": "ab" * 32}
    path = office.tally.file("batches.jsonl", batch("B-1", evidence=[paper]))
    office.tally("import", path, "--by", "小李").ok()
    browser = office.browser("王主任")
    browser.get("/verify")
    assert "Evidence: 接访记录.pdf" in browser.text
    assert f"/paper?sha256={'ab' * 32}" in browser.page.links


def test_what_all_of_a_page_move_is_summed_up(office):
    """到镇上访 6 人以下每批次扣 1 分: three batches, 3 points."""
    import_batches(office, "B-1", "B-2", "B-3")
    browser = office.browser("王主任")
    browser.get("/verify")
    assert "All of this page together, once verified (3): V001 甲村 −3" in browser.text
    assert browser.text.count("Once verified: V001 甲村 −1") == 3


def test_those_ticked_are_verified_and_no_others(office):
    import_batches(office, "B-1", "B-2", "B-3")
    before = total(office)
    browser = office.browser("王主任")
    browser.get("/verify")
    browser.send("queue", step="ticked", ids=["B-1", "B-3"])
    assert "verified B-1, B-3" in browser.text
    assert statuses(office) == {"B-1": "verified", "B-2": "recorded", "B-3": "verified"}
    assert float(total(office)) == float(before) - 2
    assert office.tally("check", "--json").ok().json["verified"]["two_keys"] == 2


def test_one_is_verified_by_its_own_button_whatever_is_ticked(office):
    import_batches(office, "B-1", "B-2")
    browser = office.browser("王主任")
    browser.get("/verify")
    browser.send("queue", one="B-2", ids=["B-1"])
    assert statuses(office) == {"B-1": "recorded", "B-2": "verified"}


def test_what_one_recorded_oneself_has_no_box_and_says_why(office):
    entry_id = record(office.browser("王主任"))
    browser = office.browser("王主任")
    browser.get("/verify")
    assert "was recorded by 王主任; somebody else must verify it" in browser.text
    assert "ids" not in browser.form("queue").choices
    browser.send("queue", status=422, step="ticked", ids=[entry_id])
    assert statuses(office) == {entry_id: "recorded"}


def test_clerks_and_auditors_see_the_queue_without_buttons(office):
    import_batches(office, "B-1")
    for name in ("小李", "审计员"):
        browser = office.browser(name)
        browser.get("/verify")
        assert "Once verified: V001 甲村 −1" in browser.text
        assert "Verify those ticked" not in browser.text
        form = browser.form("queue")
        sent = browser.http.post("/verify", data={**form.fields, "step": "ticked", "ids": "B-1"})
        assert sent.status_code == 403
    assert statuses(office) == {"B-1": "recorded"}


def test_of_two_verifiers_at_once_the_second_is_told_who_was_first(office):
    import_batches(office, "B-1")
    first, second = office.browser("王主任"), office.browser("陈副主任")
    first.get("/verify")
    second.get("/verify")
    first.send("queue", step="ticked", ids=["B-1"])
    before = office.tally.position
    second.send("queue", step="ticked", ids=["B-1"])
    assert "verified already by 王主任" in second.text
    assert office.tally.position == before


def test_an_import_is_verified_as_a_whole_after_its_sum_was_shown(office):
    number = import_batches(office, *(f"B-{one}" for one in range(30)))
    browser = office.browser("王主任")
    browser.get("/verify")
    assert f"import {number} of 30" in browser.text
    assert "Verify all of import" not in browser.text
    browser.get("/verify", **{"import": number})
    assert f"All of import {number} together, once verified (30): V001 甲村 −30" in browser.text
    browser.send("queue", step="all")
    assert set(statuses(office).values()) == {"verified"}


def test_an_import_is_not_verified_whose_sum_is_another_now(office):
    """A sum is of totals and ranks: an entry verified meanwhile changes them."""
    number = import_batches(office, "B-1", "B-2")
    browser = office.browser("王主任")
    browser.get("/verify", **{"import": number})
    office.tally("verify", "B-2", "--by", "陈副主任").ok()
    browser.send("queue", status=422, step="all")
    assert "no longer the same" in browser.text
    assert statuses(office) == {"B-1": "recorded", "B-2": "verified"}
    browser.send("queue", step="all")
    assert statuses(office)["B-1"] == "verified"


def test_the_queue_has_pages_and_filters(office):
    import_batches(office, *(f"B-{one}" for one in range(27)))
    record(office.browser("陈副主任"), kind="yellow_card", f_unit="V002", f_issued_on="2016-03-10")
    browser = office.browser("王主任")
    browser.get("/verify")
    assert "28 entries to verify" in browser.text
    assert len(browser.form("queue").choices["ids"]) == 25
    browser.get("/verify", part=2)
    assert len(browser.form("queue").choices["ids"]) == 3
    for filters in ({"kind": "yellow_card"}, {"unit": "V002"}, {"recorder": "陈副主任"}):
        browser.get("/verify", **filters)
        assert len(browser.form("queue").choices["ids"]) == 1
    browser.get("/verify", **{"import": "99"})
    assert "there is no import 99 in this ledger" in browser.text


def test_filters_are_kept_after_verifying(office):
    import_batches(office, "B-1", "B-2")
    browser = office.browser("王主任")
    browser.get("/verify", kind="petition_batch")
    browser.send("queue", step="ticked", ids=["B-1"])
    assert browser.response.url.params["kind"] == "petition_batch"


def test_what_is_sent_back_has_its_reason_where_it_is_corrected(office):
    entry_id = record(office.browser("小李"))
    browser = office.browser("王主任")
    browser.get("/verify")
    browser.send("queue", status=422, step="return", ids=[entry_id], reason="")
    assert "must not be empty" in browser.text
    assert browser.form("queue").fields["ids"] == [entry_id]
    browser.send("queue", step="return", reason="人数与接访记录不符")
    assert f"sent back: {entry_id}" in browser.text
    assert statuses(office) == {entry_id: "recorded"}
    clerk = office.browser("小李")
    clerk.get("/correct", id=entry_id)
    assert "Sent back by 王主任: 人数与接访记录不符" in clerk.text


def test_what_was_sent_back_is_not_verified_with_its_import(office):
    number = import_batches(office, "B-1", "B-2")
    browser = office.browser("王主任")
    browser.get("/verify")
    browser.send("queue", step="return", ids=["B-1"], reason="重复")
    browser.get("/verify", **{"import": number})
    browser.send("queue", step="all")
    assert statuses(office) == {"B-1": "recorded", "B-2": "verified"}


def test_the_enter_key_in_the_reason_verifies_nothing(office):
    """The form's first button is what a browser presses then: it has no value."""
    import_batches(office, "B-1")
    browser = office.browser("王主任")
    browser.get("/verify")
    buttons = [one for tag, one in browser.page.tags if tag == "button" and one.get("name")]
    assert buttons[0]["value"] == ""
    browser.send("queue", status=422, step="", ids=["B-1"], reason="重复")
    assert statuses(office) == {"B-1": "recorded"}


def test_nothing_ticked_is_said(office):
    import_batches(office, "B-1")
    browser = office.browser("王主任")
    browser.get("/verify")
    browser.send("queue", status=422, step="ticked")
    assert "tick the entries first" in browser.text


def test_adoptions_and_bulletins_await_verification_there_too(office):
    office.tally(
        "measure", "adopt", "qianlianghu-2016", "--year", "2017", "--basis", "党委会议纪要",
        "--by", "陈副主任",
    ).ok()  # fmt: skip
    office.tally("publish", "2016Q2", "--by", "陈副主任").ok()
    browser = office.browser("王主任")
    browser.get("/verify")
    assert "for 2017: 党委会议纪要" in browser.text
    assert "Bulletin 2016Q2, edition 1: 2 units" in browser.text
    assert "/edition?period=2016Q2&amp;number=1" in browser.response.text
    browser.send("queue", one="measure:2017")
    assert "verified measure:2017" in browser.text


def test_a_correction_is_seen_with_what_it_takes_back(office):
    """3 people −1; 6 people −2, not told of −1, no reward for a year without such a batch −3."""
    entry_id = record(office.browser("小李"))
    office.tally("verify", entry_id, "--by", "王主任").ok()
    clerk = office.browser("小李")
    clerk.get("/correct", id=entry_id)
    clerk.send("entry", f_headcount="6", reason="人数录错")
    clerk.send("confirm", step="confirm")
    browser = office.browser("王主任")
    browser.get("/verify")
    assert "All of this page together, once verified (2): V001 甲村 −5" in browser.text
