"""Markup, formulas and odd names in every text that people may type."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import ExitStack
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import unquote

import openpyxl
import pytest

from cli.session import session
from tests.cli.entries import batch
from tests.desk.conftest import PASSPHRASE, Office
from tests.desk.typed import BATCH

MARK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;{{7*7}}"

PAPER = b"<script>alert(3)</script>"
SHA = sha256(PAPER).hexdigest()


class _Tags(HTMLParser):
    """The scripts of a page, and the attributes that a browser would run."""

    def __init__(self, html):
        super().__init__()
        self.scripts, self.run = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given.get("src"))
        if tag in {"iframe", "object", "embed", "base", "img"}:
            self.run.append(tag)
        self.run += [name for name in given if name.startswith("on") or name == "style"]
        self.run += [
            value
            for name, value in attrs
            if name in {"href", "src", "action", "formaction"}
            and not (value or "").startswith(("/", "#", "?"))
        ]


def is_safe(html):
    tags = _Tags(html)
    assert tags.run == []
    assert [one for one in tags.scripts if one != "/static/pages.js"] == []
    return True


@pytest.fixture(scope="module")
def office(founded, tmp_path_factory):
    """Return an office in whose texts there is markup wherever the ledger takes it."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
        tally = founded.copy(tmp_path_factory.mktemp("markup") / "office")
        made = Office(tally, stack.enter_context(session(tally.url)))
        paper = [{"name": f"{MARK}.pdf".replace("/", "_"), "sha256": SHA}]
        made.record(
            batch("B-1", note=MARK, basis=MARK, matter="XF-1", evidence=paper),
            batch("B-2", note=f"=1+1{MARK}", basis="@SUM(A1)", matter="XF-2"),
            {"kind": "unit", "id": "V009", "name": MARK, "type": "village"},
            {"kind": "notice", "id": "N-1", "title": MARK, "due_on": "2016-03-10",
             "units": ["V001", "V009"]},
        )  # fmt: skip
        made.record(batch("B-3", note=MARK, matter="XF-3"), verify=False)
        scan = tally.folder / "a.pdf"
        scan.write_bytes(PAPER)
        tally("evidence", "add", scan).ok()
        tally("object", "B-1", "--unit", "V001", "--reason", MARK, "--by", "小李").ok()
        tally("object", "B-2", "--unit", "V001", "--reason", MARK, "--by", "小李").ok()
        tally("decide", "B-2.O", "upheld", "--reason", MARK, "--by", "王主任").ok()
        tally("publish", "2016Q1", "--by", "小李").ok()
        tally("verify", "2016Q1", "--by", "王主任").ok()
        tally("withdraw", "2016Q1", "--reason", MARK, "--by", "小李").ok()
        tally("return", "B-3", "--reason", MARK, "--by", "王主任")
        yield made


PAGES = (
    "/", "/ranking", "/search?q=V0",
    "/unit?id=V001", "/unit?id=V009", "/period?unit=V001&period=2016Q2", "/entry?id=B-1",
    "/entry?id=B-1.O", "/entry?id=B-3", "/entry?id=N-1", "/entry?id=V009", "/open", "/margins",
    "/sensitivity", "/clauses",
    "/clause?id=screening", "/differences", "/corrections", "/costs", "/audit", "/audit?list=late",
    "/audit?list=returned", "/audit?list=without_papers", "/bulletin?period=2016Q1",
    "/today", "/reports", "/record",
    "/record?kind=petition_batch", "/record?kind=notice", "/verify", "/correct?id=B-1",
    "/correct?id=N-1", "/reverse?id=B-1", "/journal", "/import", "/publish",
    "/edition?period=2016Q1&number=1", "/evidence", "/objections", "/objections?unit=V001",
    "/objections?unit=V009", "/accounts", "/me",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_markup_in_the_ledger_is_shown_and_not_run(office, path):
    for name in ("王主任", "小李"):
        browser = office.browser(name)
        browser.get(path)
        assert is_safe(browser.response.text)


@pytest.mark.parametrize("path", ["/today", "/objections", "/unit?id=V001", "/entry?id=B-1", "/me"])
def test_markup_is_not_run_in_the_pages_of_a_unit(office, path):
    browser = office.browser("甲村账户")
    browser.get(path)
    assert is_safe(browser.response.text)


@pytest.mark.parametrize(
    "name",
    ["kind", "unit", "from", "to", "by", "status", "import", "text", "part", "lang", "year", "id",
     "period", "clause", "month", "what", "draft", "after", "recorder", "as_of", "through", "q"],
)  # fmt: skip
def test_markup_in_a_parameter_is_not_run(office, name):
    http = office.browser("小李").http
    paths = "/journal", "/verify", "/reports", "/reports/record", "/record", "/correct", "/publish"
    for path in (*paths, "/objections", "/entry", "/"):
        response = http.get(path, params={name: MARK})
        assert response.status_code in {200, 400, 404}
        assert is_safe(response.text)


def test_markup_in_a_form_is_not_run_when_it_is_shown_again(office):
    browser = office.browser("小李")
    browser.get("/record", kind="petition_batch")
    marked = dict.fromkeys(BATCH, MARK)
    browser.send("entry", step="record", **marked, f_note=MARK, f_id=MARK, status=422)
    assert is_safe(browser.response.text)
    browser.get("/record", kind="petition_batch")
    browser.send("entry", step="preview", **{**BATCH, "f_matter": "XF-8"}, f_note=MARK)
    assert is_safe(browser.response.text)
    browser.get("/record", kind="petition_batch")
    browser.send("entry", step="draft", **marked, f_note=MARK)
    browser.get("/record")
    assert "script" in browser.text
    assert is_safe(browser.response.text)
    browser.get("/import")
    browser.send("upload", files=[("files", (f"{MARK}.csv".replace("/", "_"), b"a,b"))])
    assert is_safe(browser.response.text)
    browser.get("/evidence")
    refused, kept = "<img src=x onerror=alert(1)>.pdf", "<script>alert(1)<!--.pdf"
    browser.send("upload", files=[("papers", (refused, b"x"))], status=422)
    assert is_safe(browser.response.text)
    browser.send("upload", files=[("papers", (kept, b"x"))])
    assert is_safe(browser.response.text)


@pytest.mark.parametrize("path", ["/sign-in", "/ask"])
def test_markup_of_strangers_is_not_run(office, path):
    stranger = office.stranger()
    stranger.get(path, next=f"/{MARK}", lang=MARK)
    assert is_safe(stranger.response.text)
    fields = {**stranger.form(path[1:]).fields, "name": MARK, "passphrase": PASSPHRASE}
    response = stranger.http.post(path, data={**fields, "again": PASSPHRASE})
    assert is_safe(response.text)
    heads = office.browser("王主任")
    heads.get("/accounts")
    assert is_safe(heads.response.text)


def test_no_text_is_a_formula_in_what_is_exported(office):
    http = office.browser("小李").http
    for row in csv.reader(io.StringIO(http.get("/journal?format=csv").text)):
        assert not [one for one in row if one[:1] in set("=+-@\t\r")]
    for path in ("/journal?format=xlsx", "/reports?format=xlsx", "/import/template"):
        content = http.get(path).content
        book = openpyxl.load_workbook(io.BytesIO(content))
        formulas = [
            (sheet.title, cell.coordinate)
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        assert path == "/import/template" or formulas == []
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert not [one for one in parts.namelist() if "external" in one.lower()]


def test_the_coloured_workbook_has_no_formula_of_the_file(office):
    browser = office.browser("小李")
    rows = "编号,单位,月份,报送日期\n=HYPERLINK(1),@V,+2,-x\n".encode()
    browser.get("/import")
    browser.send("upload", files=[("files", ("screening_report.csv", rows))])
    (errors,) = {one for one in browser.page.links if one.startswith("/import/errors")}
    book = openpyxl.load_workbook(io.BytesIO(browser.http.get(errors).content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_name_of_a_download_stays_in_its_header(office):
    response = office.browser("小李").http.get("/paper", params={"sha256": SHA})
    disposition = response.headers["content-disposition"]
    assert disposition.isascii()
    assert set('"\r\n<> ;') & set(disposition.partition("''")[2]) == set()
    assert unquote(disposition.partition("''")[2]).endswith(".pdf")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"
    for part in ("csv", "jsonl", "xlsx"):
        response = office.browser("小李").http.get(f"/journal?format={part}")
        assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")


@pytest.mark.parametrize(
    "name", ["小李\u202e", "小\u200b李", "小李\x00", "小李\n", "Ａ" * 500, "", "小李\ud7ff"]
)
def test_odd_names_open_nothing(office, name):
    stranger = office.stranger()
    stranger.get("/sign-in")
    fields = {**stranger.form("sign-in").fields, "name": name, "passphrase": "wrong passphrase"}
    assert stranger.http.post("/sign-in", data=fields).status_code in {401, 429}
