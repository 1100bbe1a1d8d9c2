"""Papers at the desk: kept by their hash, named in entries, given out to who may see them."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.cli.entries import batch

PAPER = b"%PDF-1.4 a scanned paper"
HTML = b"<script>alert(1)</script>"


def digest(content):
    return sha256(content).hexdigest()


def entry(number="B-1", **fields):
    return batch(number, evidence=[{"name": "登记表.pdf", "sha256": digest(PAPER)}], **fields)


@pytest.fixture
def named(office):
    """Return the office with an entry of V001 that names a paper, which is not kept yet."""
    office.tally("import", office.tally.file("b.jsonl", entry()), "--by", "小李").ok()
    return office


def keep(office, name="登记表.pdf", content=PAPER, status=200, account="小李"):
    browser = office.browser(account)
    browser.get("/evidence")
    browser.send("upload", files=[("papers", (name, content))], status=status)
    return browser


def paper(office, account, content=PAPER):
    return office.browser(account).http.get("/paper", params={"sha256": digest(content)})


def test_a_paper_is_kept_by_its_hash_and_not_in_the_ledger(office):
    browser = keep(office)
    assert f"登记表.pdf={digest(PAPER)}" in browser.text
    found = [path for path in office.tally.folder.rglob(digest(PAPER)) if path.is_file()]
    assert [one.read_bytes() for one in found] == [PAPER]
    assert PAPER not in office.tally.path.read_bytes()


def test_the_page_of_an_entry_says_whether_its_paper_is_here(named):
    browser = named.browser("小李")
    browser.get("/entry", id="B-1")
    assert "not here" in browser.text
    keep(named)
    browser.get("/entry", id="B-1")
    assert f'href="/paper?sha256={digest(PAPER)}"' in browser.response.text


@pytest.mark.parametrize("account", ["小李", "王主任", "审计员", "甲村账户"])
def test_a_paper_is_given_out_to_who_sees_its_entry(named, account):
    keep(named)
    response = paper(named, account)
    assert (response.status_code, response.content) == (200, PAPER)
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_unit_gets_no_paper_of_another_unit_and_none_that_nobody_names(office):
    office.tally("import", office.tally.file("b.jsonl", entry(unit="V002")), "--by", "小李").ok()
    keep(office)
    keep(office, "x.pdf", b"unnamed")
    told = {paper(office, "甲村账户", one).status_code for one in (PAPER, b"unnamed", b"none")}
    assert told == {404}
    assert office.browser("甲村账户").http.get("/evidence").status_code == 403


def test_markup_is_never_shown_by_the_browser(office):
    keep(office, "page.html", HTML)
    response = paper(office, "小李", HTML)
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "sha256", ["", "x", "../../tally.db", "0" * 64, "../" * 20 + "etc/passwd", "0" * 63 + "/"]
)
def test_what_is_no_paper_is_not_found(office, sha256):
    response = office.browser("小李").http.get("/paper", params={"sha256": sha256})
    assert response.status_code == 404


def test_a_damaged_paper_is_not_given_out(named):
    keep(named)
    (found,) = named.tally.folder.rglob(digest(PAPER))
    found.write_bytes(b"changed")
    response = paper(named, "小李")
    assert response.status_code == 400
    assert b"is damaged" in response.content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("", PAPER, "choose a file first"),
        ("a.pdf", b"", "is empty"),
        ("a=b.pdf", PAPER, "rename the file"),
        ("110105194912310021.pdf", PAPER, ""),
        ("big.pdf", b"x" * 50_000_001, "more than the 50,000,000 bytes"),
    ],
)
def test_a_paper_that_cannot_be_kept_is_refused_with_its_reason(office, name, content, words):
    browser = keep(office, name, content, status=422)
    assert words in browser.text
    assert not [*office.tally.folder.rglob("*.part")]
    assert "None." in browser.text


@pytest.mark.parametrize("account", ["审计员", "甲村账户"])
def test_only_recorders_keep_papers(office, account):
    browser = office.browser(account)
    fields = {"csrf": browser.form("sign-out").fields["csrf"]}
    files = [("papers", ("a.pdf", PAPER))]
    assert browser.http.post("/evidence", data=fields, files=files).status_code == 403
    assert not [*office.tally.folder.rglob(digest(PAPER))]


FIELDS = {
    "f_unit": "V001",
    "f_matter": "XF-2016-1",
    "f_level": "town",
    "f_headcount": "3",
    "f_occurred_at": "2016-03-05T09:30",
    "f_abnormal": "true",
}


def test_a_paper_is_attached_to_the_form_of_an_entry(office):
    browser = office.browser("小李")
    browser.get("/record", kind="petition_batch")
    files = [("papers", ("登记表.pdf", PAPER))]
    browser.send("entry", files=files, step="record", **FIELDS)
    (found,) = [
        one
        for one in office.tally("list", "--json").ok().json["entries"]
        if one["kind"] == "petition_batch"
    ]
    assert found["content"]["evidence"] == [{"name": "登记表.pdf", "sha256": digest(PAPER)}]
    assert paper(office, "小李").content == PAPER
    office.tally("check").ok()


def test_a_refused_form_keeps_the_paper_that_came_with_it(office):
    browser = office.browser("小李")
    browser.get("/record", kind="petition_batch")
    files = [("papers", ("登记表.pdf", PAPER))]
    browser.send("entry", files=files, step="record", status=422, **{**FIELDS, "f_headcount": "x"})
    browser.send("entry", step="record", f_headcount="3")
    (found,) = [
        one
        for one in office.tally("list", "--json").ok().json["entries"]
        if one["kind"] == "petition_batch"
    ]
    assert found["content"]["evidence"] == [{"name": "登记表.pdf", "sha256": digest(PAPER)}]
