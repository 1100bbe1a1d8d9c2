"""Each role on each address, by a table written by hand from the roles of the office.

The clerk records and corrects; the verifier records, verifies what others recorded, and opens
accounts; the auditor sees everything and records nothing; a unit's account sees its own unit, and
objects for it. Who is not signed in sees nothing of the ledger.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from hashlib import sha256

import pytest

from cli.session import session
from tests.cli.entries import batch, reports
from tests.desk.conftest import PASSPHRASE, Office

PAPER = b"%PDF-1.4 the register of the visit"
SHA = sha256(PAPER).hexdigest()

CLAUSE = "screening"

NAMES = "小李", "王主任", "审计员", "甲村账户"
"""Clerk, verifier, auditor, and the account of the unit V001."""

TABLE = """
/                                         200 200 200 403   405 405 405 405
/unit?id=V001                             200 200 200 200   405 405 405 405
/period?unit=V001&period=2016Q1           200 200 200 200   405 405 405 405
/entry?id=B-1                             200 200 200 200   405 405 405 405
/proof?id=B-1                             200 200 200 200   405 405 405 405
/open                                     200 200 200 403   405 405 405 405
/margins                                  200 200 200 403   405 405 405 405
/sensitivity                              200 200 200 403   405 405 405 405
/ranking                                  200 200 200 403   405 405 405 405
/search?q=2016                            200 200 200 200   405 405 405 405
/clauses                                  200 200 200 200   405 405 405 405
/measure                                  200 200 200 200   405 405 405 405
/clause?id={clause}                       200 200 200 200   405 405 405 405
/differences                              200 200 200 403   405 405 405 405
/bulletin?period=2016Q1                   200 200 200 403   405 405 405 405
/corrections                              200 200 200 403   405 405 405 405
/costs                                    200 200 200 403   405 405 405 405
/audit                                    200 200 200 403   405 405 405 405
/today                                    200 200 200 200   403 403 403 403
/reports                                  200 200 200 403   403 403 403 403
/reports/record?clause={clause}           200 200 403 403   422 422 403 403
/record?kind=petition_batch               200 200 403 403   422 422 403 403
/verify                                   200 200 200 403   403 422 403 403
/correct?id=B-1                           200 200 403 403   422 422 403 403
/reverse?id=B-1                           200 200 403 403   422 422 403 403
/journal                                  200 200 200 403   403 403 403 403
/import                                   200 200 403 403   422 422 403 403
/import/errors                            400 400 403 403   403 403 403 403
/import/template                          200 200 403 403   403 403 403 403
/publish?period=2016Q1                    200 200 200 403   422 422 403 403
/edition?period=2016Q1                    200 200 200 403   403 403 403 403
/edition/verify?period=2016Q1             200 200 200 403   403 303 403 403
/edition/withdraw?period=2016Q1           200 200 200 403   422 422 403 403
/edition/document?period=2016Q1           200 200 200 403   403 403 403 403
/slip?unit=V001&period=2016Q1             200 200 200 200   403 403 403 403
/slips?period=2016Q1                      200 200 200 403   403 403 403 403
/evidence                                 200 200 200 403   422 422 403 403
/paper?sha256={sha}                       200 200 200 200   403 403 403 403
/objections                               200 200 200 200   422 422 403 422
/objections/decide                        200 200 200 403   422 422 403 403
/accounts                                 200 200 200 403   403 403 403 403
/accounts/open                            403 200 403 403   403 422 403 403
/accounts/reset                           403 200 403 403   403 422 403 403
/accounts/dismiss                         403 200 403 403   403 422 403 403
/accounts/close                           403 200 403 403   403 422 403 403
/me                                       200 200 200 200   422 422 422 422
"""
"""By address the status of GET, and of POST with the session's token and nothing else, of a clerk,
a verifier, an auditor and a unit. A form that a role may send is refused for what it lacks (422);
the edition that is verified already stays as it is (303)."""

ENTRANCE = {"/sign-in", "/sign-out", "/setup", "/ask", "/static"}
"""Addresses for who is not signed in; `test_signing_in.py` and others prove them."""


def rows():
    for line in TABLE.strip().splitlines():
        to, *statuses = line.split()
        yield to.format(clause=CLAUSE, sha=SHA), [int(one) for one in statuses]


ROWS = [(to, statuses[:4], statuses[4:]) for to, statuses in rows()]


@pytest.fixture(scope="module")
def office(founded, tmp_path_factory):
    """Return an office with a batch, its paper and a bulletin; its requests write nothing."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("TALLY_PASSPHRASE", PASSPHRASE)
        tally = founded.copy(tmp_path_factory.mktemp("roles") / "office")
        made = Office(tally, stack.enter_context(session(tally.url)))
        at = "2016-02-05T09:30:00+08:00"
        paper = [{"name": "登记表.pdf", "sha256": SHA}]
        made.record(
            batch("B-1", occurred_at=at, evidence=paper),
            *reports("V001", "2015-12", "2016-01", "2016-02"),
        )
        scan = tally.folder / "登记表.pdf"
        scan.write_bytes(PAPER)
        tally("evidence", "add", scan).ok()
        tally("publish", "2016Q1", "--by", "小李").ok()
        tally("verify", "2016Q1", "--by", "王主任").ok()
        tally("checkpoint").ok()
        yield made


def position(office):
    return office.tally("account", "list", "--json").ok().json["position"]


def token(browser):
    browser.get("/me")
    return browser.form("sign-out").fields["csrf"][0]


def test_every_address_has_a_row(office):
    served = {one.path for one in office.app._app.routes}
    assert {to.partition("?")[0] for to, *_ in ROWS} | ENTRANCE == served
    assert len({to.partition("?")[0] for to, *_ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("to", "get", "post"), ROWS, ids=[to for to, *_ in ROWS])
def test_each_role_is_answered_as_the_table_says(office, to, get, post):
    before = position(office)
    found = {}
    for name in NAMES:
        http, csrf = office.browser(name).http, token(office.browser(name))
        found[name] = (
            http.get(to).status_code,
            http.post(to, data={"csrf": csrf}, follow_redirects=False).status_code,
        )
    assert found == dict(zip(NAMES, zip(get, post, strict=True), strict=True))
    assert position(office) == before


@pytest.mark.parametrize("to", [to for to, *_ in ROWS])
def test_who_is_not_signed_in_is_led_to_the_entrance_and_told_nothing(office, to):
    http = office.stranger().http
    for response in (
        http.get(to, follow_redirects=False),
        http.head(to, follow_redirects=False),
        http.post(to, data={"csrf": "x"}, follow_redirects=False),
    ):
        if response.status_code != 405:
            assert response.status_code == 303
            assert response.headers["location"].startswith("/sign-in")
            assert not response.content
        assert "甲村".encode() not in response.content


@pytest.mark.parametrize("to", [to for to, _, post in ROWS if post[1] in {303, 422}])
def test_no_form_is_carried_out_without_the_token_of_the_session(office, to):
    """Cross-site request forgery: neither without a token nor with that of another session."""
    browser, other = office.browser("王主任"), office.browser("陈副主任")
    for fields in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": token(other)}):
        assert browser.http.post(to, data=fields).status_code == 403


def test_what_a_role_may_not_send_is_refused_before_its_files_are_taken_in(office):
    """An auditor sends a form that never ends; none of it is read."""
    browser = office.browser("审计员")
    browser.get("/today")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    read, sent = [], []

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/import",
        "raw_path": b"/import",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "headers": [
            (b"host", b"127.0.0.1:8000"),
            (b"cookie", cookies.encode()),
            (b"content-type", b"multipart/form-data; boundary=x"),
        ],
    }
    asyncio.run(asyncio.wait_for(office.app(scope, receive, send), 30))
    assert sent[0]["status"] == 403
    assert not read
