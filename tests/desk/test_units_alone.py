"""A unit's account learns nothing of another unit: by page, parameter, file, form or message."""

from __future__ import annotations

import re
from contextlib import ExitStack
from hashlib import sha256
from html import unescape

import pytest

from cli.session import session
from tests.cli.entries import batch, reports
from tests.desk.conftest import PASSPHRASE, Office
from tests.pages.html_page import HtmlPage

SECRET = "乙村", "V002", "B-2", "XF-9", "B-2.O", "NN-2", "秘密"
"""What is of V002 alone: its name, id, entries, matters, and what its texts say."""

PAPER = b"%PDF-1.4 of the other unit"
SHA = sha256(PAPER).hexdigest()

AT = "2016-03-05T09:30:00+08:00"


@pytest.fixture(scope="module")
def office(founded, tmp_path_factory):
    """Return an office in which V002 has entries, a paper, an objection and a bulletin."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
        tally = founded.copy(tmp_path_factory.mktemp("alone") / "office")
        made = Office(tally, stack.enter_context(session(tally.url)))
        scan = tally.folder / "秘密照片.jpg"
        scan.write_bytes(PAPER)
        tally("evidence", "add", scan).ok()
        paper = [{"name": "秘密照片.jpg", "sha256": SHA}]
        period = {"kind": "special_period", "id": "SP-1", "level": "city"}
        notice = {"kind": "notice", "id": "NN-2", "title": "秘密排查", "due_on": "2016-03-10"}
        made.record(
            {**period, "starts_on": "2016-03-01", "ends_on": "2016-03-15"},
            {**notice, "units": ["V002"]},
            batch("B-1", occurred_at=AT, level="city"),
            batch("B-2", unit="V002", matter="XF-9", occurred_at=AT, level="city",
                  basis="秘密走访", evidence=paper),
            *reports("V001", "2015-12", "2016-01", "2016-02"),
        )  # fmt: skip
        tally("object", "B-2", "--unit", "V002", "--reason", "秘密理由", "--by", "小李").ok()
        tally("publish", "2016Q1", "--by", "小李").ok()
        tally("verify", "2016Q1", "--by", "王主任").ok()
        yield made


def told(text):
    """Return what of V002 a text has."""
    return [one for one in SECRET if one in unescape(text)]


def links(text):
    found = {unescape(one) for one in re.findall(r'href="(/[^"#]*)', text)}
    return {one for one in found if not one.startswith("/static/")}


def test_no_page_that_links_lead_to_tells_of_another_unit(office):
    http, begin = office.browser("甲村账户").http, ["/today", "/objections", "/me", "/clauses"]
    begin += ["/measure", "/unit?id=V001", "/period?unit=V001&period=2016Q2", "/entry?id=SP-1"]
    left, seen, pages = begin, set(), 0
    while left:
        to = left.pop()
        if to in seen:
            continue
        seen.add(to)
        response = http.get(to)
        assert response.status_code in {200, 403}, to
        assert not told(response.text), (to, told(response.text))
        if response.status_code == 200:
            pages += 1
            assert "秘密" not in response.text
            left += links(response.text)
    assert pages > 40, seen
    assert len([one for one in seen if one.startswith("/clause?")]) > 5


def test_a_unit_does_not_read_what_the_other_party_of_a_batch_did(founded, tmp_path, monkeypatch):
    """V001 is the host of the batch, V002 is liable: each has its own on-site response."""
    monkeypatch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
    tally = founded.copy(tmp_path / "office")
    with session(tally.url) as opened:
        made = Office(tally, opened)
        what = {"kind": "on_site_response", "batch": "B-3", "arrival": "prompt", "effective": True}
        made.record(
            batch("B-3", unit="V002", host_unit="V001", occurred_at=AT),
            {**what, "id": "R-1", "unit": "V001", "stay_minutes": 20},
            {**what, "id": "R-2", "unit": "V002", "stay_minutes": 30},
        )
        tally("checkpoint").ok()
        http = made.browser("甲村账户").http
        seen = {one: http.get(f"/{page}?id={one}").status_code
                for one in ("B-3", "R-1", "R-2") for page in ("entry", "proof")}  # fmt: skip
    assert seen == {"B-3": 200, "R-1": 200, "R-2": 403}


def test_a_unit_sees_what_its_own_figures_would_move_and_no_other_total(office):
    """三（一）1（3）, 三（三）1（5）: 5 people are collective: unreported 2, and no reward of 3.

    To the verifier the page also says that V001 falls behind with 0.01 less: V002 has as many.
    """
    own = HtmlPage(office.browser("甲村账户").http.get("/unit?id=V001&lang=en").text)
    (row,) = [row for row in own.cells() if row[0] == "B-1" and row[1].startswith("headcount")]
    assert row[1:6] == ["headcount 3", "5", "2 in number", "No collective batch in the year",
                        "−5"]  # fmt: skip
    assert row[6:] == ["", ""]
    assert not [row for row in own.cells() if row[1:2] == ["total 0"] or "→" in row[-2:]]


PROBES = (
    "/unit?id=V002", "/unit?id=乙村", "/unit?id= V002 ", "/unit?id=V001&id=V002", "/unit?id=v002",
    "/period?unit=V002&period=2016Q1", "/period?unit=V001&unit=V002&period=2016Q1",
    "/entry?id=B-2", "/entry?id=B-2.O", "/entry?id=V002", "/entry?id=2016Q1", "/entry?id=NN-2",
    "/entry?id=B-2&as_of=20", "/proof?id=B-2", "/proof?id=B-2.O", "/entry?id=SR-V002-2016-01",
    "/entry?id=adoption:2016",
    "/entry?id=account:甲村账户", "/ranking?q=乙村", "/?flag=x", "/search?q=乙村", "/search?q=V002",
    "/search?q=B-2", "/search?q=秘密", "/search?q=B-2.O", "/search?q=NN-2", "/search?q=2&as_of=20",
    "/open?flag=missing",
    "/differences?from=2016Q1", "/differences?from=1&to=20", "/journal?text=秘密",
    "/journal?unit=V002&format=csv", "/journal?format=jsonl", "/journal?format=xlsx",
    "/reports?unit=V002", "/reports?format=xlsx", "/edition?period=2016Q1&number=1",
    "/edition/document?period=2016Q1&number=1", "/publish?period=2016Q1", f"/paper?sha256={SHA}",
    "/slip?unit=V002&period=2016Q1", "/slip?unit=乙村&period=2016Q1", "/slips?period=2016Q1",
    "/slip?period=2016Q1", "/slip?unit=V002&period=2016Q1&form=html",
    "/evidence", "/accounts", "/verify?unit=V002", "/today?unit=V002", "/today?year=2016&id=V002",
    "/objections?unit=V002", "/objections?unit=V002&period=2016Q2", "/objections?unit=乙村",
    "/objections?year=2016&period=2016Q1&subject=B-2", "/me?unit=V002", "/record?draft=1",
    "/corrections", "/corrections?unit=V001", "/corrections?id=B-2", "/audit", "/audit?list=late",
    "/bulletin?period=2016Q1", "/bulletin?period=2016Q1&number=1&unit=V001", "/costs",
    "/clause?id=screening&unit=V002", "/clauses?q=乙村", "/import/errors?upload=x",
    "/margins", "/margins?unit=V001", "/sensitivity",
)  # fmt: skip


@pytest.mark.parametrize("probe", PROBES)
def test_no_parameter_leads_to_another_unit(office, probe):
    response = office.browser("甲村账户").http.get(probe)
    sent = [one for one in SECRET if one in probe]
    assert [one for one in told(response.text) if one not in sent] == []
    assert response.status_code in {200, 400, 403, 404}
    assert "attachment" not in response.headers.get("content-disposition", "")


@pytest.mark.parametrize(
    ("there", "nowhere"),
    [
        ("/unit?id=V002", "/unit?id=V999"),
        ("/entry?id=B-2", "/entry?id=B-9"),
        ("/entry?id=B-2.O", "/entry?id=B-9.O"),
        ("/period?unit=V002&period=2016Q1", "/period?unit=V999&period=2016Q1"),
        (f"/paper?sha256={SHA}", f"/paper?sha256={'0' * 64}"),
    ],
)
def test_a_refusal_does_not_tell_whether_there_is_such_a_thing(office, there, nowhere):
    http = office.browser("甲村账户").http
    one, other = http.get(there), http.get(nowhere)
    assert (one.status_code, one.text) == (other.status_code, other.text)
    assert one.status_code in {403, 404}


@pytest.mark.parametrize("subject", ["B-2", "NN-2", "V002", "B-2.O"])
@pytest.mark.parametrize("unit", ["V001", "V002", "乙村"])
def test_no_form_tells_of_another_unit(office, subject, unit):
    """A refusal repeats what was sent, and says the same of what is nowhere."""
    browser = office.browser("甲村账户")
    answers = set()
    for sent in (subject, re.sub("2", "7", subject)):
        browser.get("/objections")
        browser.send("object", subject=sent, unit=unit, reason="x", status=422)
        shown = browser.response.text.replace(subject, "S").replace(sent, "S").replace(unit, "U")
        shown = re.sub(r'name="(csrf|once)" value="[^"]*"', "", shown)
        assert not told(shown)
        answers.add(shown)
    assert len(answers) == 1


def test_a_slip_leads_to_the_desk_where_units_have_accounts(office):
    """A ledger without one of the role `unit` does not: see the golden slip of `tests.office`."""
    slip = office.browser("甲村账户").http.get("/slip?unit=V001&period=2016Q1&form=html")
    assert "也可登录后在“异议”页提出" in slip.text
