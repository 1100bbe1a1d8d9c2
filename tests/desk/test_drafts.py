"""Drafts: kept on the desk for their account, and no event."""

from __future__ import annotations

import os
import stat

import pytest

from cli.desk.drafts import LARGEST_DRAFT, MOST_DRAFTS
from tests.desk.typed import BATCH, listed


def keep(browser, status=200, **fields):
    browser.get("/record", kind="petition_batch")
    browser.send("entry", step="draft", status=status, **fields)


def draft_of(browser):
    """The address of the one draft that /record lists."""
    browser.get("/record")
    (form,) = [one for one in browser.page.links if "draft=" in one]
    return form


def files(office):
    return [*(office.tally.folder / "tally.db.drafts").glob("*")]


def test_a_draft_is_kept_half_filled_opened_again_and_gone_once_recorded(office):
    browser, before = office.browser("小李"), office.tally.position
    keep(browser, f_unit="V001 甲村", f_matter="XF-7")
    assert "the draft was kept" in browser.text
    assert office.tally.position == before
    browser.get(draft_of(browser))
    fields = browser.form("entry").fields
    assert (fields["f_unit"], fields["f_matter"]) == (["V001 甲村"], ["XF-7"])
    browser.send("entry", **BATCH)
    assert len(listed(office, "petition_batch")) == 1
    browser.get("/record")
    assert "Drafts" not in browser.text


def test_a_draft_kept_again_takes_the_place_of_the_earlier(office):
    browser = office.browser("小李")
    keep(browser, f_matter="XF-7")
    browser.get(draft_of(browser))
    browser.send("entry", step="draft", f_matter="XF-8")
    browser.get(draft_of(browser))
    assert browser.form("entry").fields["f_matter"] == ["XF-8"]


def test_a_draft_is_dropped_by_its_button(office):
    browser = office.browser("小李")
    keep(browser, f_matter="XF-7")
    browser.get("/record")
    browser.send("record", step="drop")
    assert "the draft was dropped" in browser.text
    browser.get("/record")
    assert "Drafts" not in browser.text


def test_drafts_are_seen_by_their_account_alone(office):
    keep(office.browser("小李"), f_matter="XF-7")
    other = office.browser("王主任")
    other.get("/record")
    assert "Drafts" not in other.text


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_file_of_drafts_is_its_owners_alone(office):
    keep(office.browser("小李"), f_matter="XF-7")
    (path,) = files(office)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("field", ["f_note", "f_matter", "f_basis"])
def test_a_draft_holds_no_number_of_a_person(office, field):
    browser = office.browser("小李")
    keep(browser, status=422, **{field: "13812345678"})
    assert "holds an identity-card, telephone" in browser.text
    assert browser.form("entry").fields[field] == ["13812345678"]
    assert files(office) == []


def test_drafts_are_few_and_small(office):
    browser = office.browser("小李")
    keep(browser, status=422, f_note="长" * (LARGEST_DRAFT * 3 // 8))
    assert "a draft has at most" in browser.text
    for number in range(MOST_DRAFTS):
        keep(browser, f_matter=f"XF-{number}")
    keep(browser, status=422, f_matter="XF-99")
    assert "drafts are kept already" in browser.text


def test_damaged_drafts_are_named_and_do_not_stop_recording(office):
    browser = office.browser("小李")
    keep(browser, f_matter="XF-7")
    (path,) = files(office)
    path.write_text('[{"id": 7}]', encoding="utf-8")
    browser.get("/record")
    assert str(path) in browser.text
    browser.get("/record", kind="petition_batch")
    browser.send("entry", **BATCH)
    assert len(listed(office, "petition_batch")) == 1
