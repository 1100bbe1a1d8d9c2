"""What an attacker sends who has a browser, an account, or neither."""

from __future__ import annotations

import asyncio
import re
from contextlib import ExitStack
from threading import Event

import pytest

from cli.desk.app import application
from cli.desk.attempts import MOST_FAILURES
from cli.desk.place import place_of
from cli.desk.sessions import IDLE, MOST_OF_AN_ACCOUNT, MOST_SESSIONS, Sessions
from cli.session import session
from ledger.account_proofs import AccountKey
from ledger.errors import EntriesRefusedError
from ledger.integrity.errors import WrongPassphraseError
from ledger.message import Message
from tests.desk.conftest import PASSPHRASE
from tests.desk.form_page import Browser
from tests.desk.typed import BATCH

SIGNED_OUT = ("/sign-in", "/ask")


def position(office):
    return office.tally("account", "list", "--json").ok().json["position"]


def multipart(*parts, boundary="x", charset=""):
    """Return the body and the content type of a form, part by part as given."""
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    more = f"; charset={charset}" if charset else ""
    return {
        "content": body,
        "headers": {"content-type": f"multipart/form-data; boundary={boundary}{more}"},
    }


def field(name, value):
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


# Addresses


@pytest.mark.parametrize("path", ["/sign-in", "/ask", "/setup"])
@pytest.mark.parametrize("name", ["path", "self", "request", "page", "anchor", "next[]", "*", ""])
def test_no_parameter_of_the_entrance_breaks_it(office, path, name):
    response = office.stranger().http.get(path, params={name: "x"})
    assert response.status_code == (404 if path == "/setup" else 200)


@pytest.mark.parametrize(
    "to",
    ["/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", "\\\\evil.example", " //evil",
     "/%0d%0aSet-Cookie:a=b", "javascript:alert(1)", "data:text/html,x", "/..//evil.example",
     "/.//evil.example", "///evil.example", "/@evil.example", "http:evil.example", "evil.example"],
)  # fmt: skip
def test_signing_in_leads_nowhere_but_into_the_desk(office, to):
    browser = office.stranger()
    browser.http.follow_redirects = False
    browser.http.get("/sign-in", params={"next": to})
    browser.get("/sign-in", next=to)
    browser.send("sign-in", name="小李", passphrase=PASSPHRASE, status=303)
    location = browser.response.headers["location"]
    assert re.match(r"/(?![/\\\t\r\n])[\x21-\x7e]*$", location), location
    assert [one for one in browser.response.headers if one == "set-cookie"] == ["set-cookie"]


@pytest.mark.parametrize(
    "path",
    ["//today", "/today/", "/TODAY", "/./today", "/accounts%2Fopen/", "/static/../today",
     "/static/..%2f..%2fapp.py", "/static/%2e%2e/%2e%2e/app.py", "/static//etc/passwd",
     "/today%00", "/today;x", "/today%3Fx", "/tally/today", "/%E4%BB%8A%E6%97%A5"],
)  # fmt: skip
def test_no_spelling_of_a_path_gets_past_the_entrance(office, path):
    http = office.stranger().http
    for method in ("GET", "HEAD", "POST"):
        response = http.request(method, path, follow_redirects=False)
        assert response.status_code in {303, 307, 404, 405}
        location = response.headers.get("location", "")
        assert location == "" or location.startswith(("/sign-in", "http://127.0.0.1:8000/"))
        assert b"import " not in response.content


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000/accounts?", "127.0.0.1:8000/today#", "localhost:x/.."]
)
def test_the_host_header_does_not_choose_the_page(office, host):
    """The path of a URL that is put together from headers is not the path that was asked for."""
    browser = office.browser("审计员")
    response = browser.http.get("/me", headers={"host": host})
    assert response.status_code in {200, 421}
    assert "My account" in response.text or response.status_code == 421
    csrf = browser.form("sign-out").fields["csrf"]
    response = browser.http.post("/verify", headers={"host": host}, data={"csrf": csrf})
    assert response.status_code in {403, 421}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_no_other_method_is_answered(office, method):
    assert office.browser("王主任").http.request(method, "/verify").status_code == 405


@pytest.mark.parametrize("header", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_no_header_or_field_turns_a_reading_request_into_a_form(office, header):
    browser, before = office.browser("小李"), position(office)
    browser.get("/record", kind="petition_batch")
    fields = {**browser.form("entry").fields, **BATCH, "step": "record", "_method": "POST"}
    response = browser.http.get("/record", params=fields, headers={header: "POST"})
    assert response.status_code == 200
    assert position(office) == before


def test_a_head_request_has_no_body(office):
    for path in ("/today", "/verify", "/sign-in", "/paper", "/static/pages.css"):
        assert office.browser("小李").http.head(path).content == b""


# Forms


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b"a=b", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"junk", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"--x\r\n\r\n", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        multipart(b"Content-Disposition: form-data\r\n\r\nv"),
        multipart(b"Content-Disposition: form-data; name=\xff\xfe\r\n\r\n\xff"),
        multipart(b'Content-Disposition: form-data; name="a"; filename="f"\r\n\r\nv'),
        multipart(field("csrf", "x"), boundary="y" * 300),
        multipart(field("csrf", "xn--a"), charset="idna"),
        multipart(field("name", "\\ud800"), charset="unicode_escape"),
        multipart(field("name", "x"), charset="undefined"),
        multipart(field("name", "x-a" * 1000), charset="punycode"),
        {"content": b"%" * 100, "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"a=b;;&&=", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"{}", "headers": {"content-type": "application/json"}},
        {"content": b"", "headers": {}},
        {"content": b"a=1&" * 20_000,
         "headers": {"content-type": "application/x-www-form-urlencoded"}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/sign-in", "/ask", "/sign-out", "/record", "/evidence"])
def test_a_malformed_form_is_refused_and_is_no_error_of_the_program(office, path, sent):
    browser = office.browser("小李")
    response = browser.http.post(path, **sent)
    assert response.status_code in {400, 403, 413}, response.text
    browser.get("/me")


@pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "undefined", "utf-7"])
def test_a_form_of_another_charset_than_utf_8_is_refused(office, charset):
    """Browsers send UTF-8; other decoders raise other errors, make surrogates, or take long."""
    browser = office.browser("小李")
    csrf = browser.form("sign-out").fields["csrf"][0]
    sent = multipart(field("csrf", csrf), field("reason", "\\ud800"), charset=charset)
    assert browser.http.post("/correct", **sent).status_code == 400


@pytest.mark.parametrize(("name", "value"), [("name", "李" * 20_000), ("passphrase", "x" * 60_000)])
def test_oversized_fields_of_strangers_are_refused(office, name, value):
    stranger = office.stranger()
    stranger.get("/sign-in")
    fields = {**stranger.form("sign-in").fields, "name": "小李", "passphrase": "x", name: value}
    assert stranger.http.post("/sign-in", data=fields).status_code in {400, 401, 413}


def test_many_fields_of_an_account_are_refused(office):
    """A form of 64 MB has 30 million fields of two bytes: some gigabytes of memory."""
    browser = office.browser("甲村账户")
    csrf = browser.form("sign-out").fields["csrf"][0]
    body = f"csrf={csrf}&".encode() + b"a&" * 6_000
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.http.post("/objections", content=body, headers=headers).status_code == 400


# Sessions


def test_two_desks_on_one_host_do_not_end_each_others_sessions(office, founded, tmp_path):
    """Browsers send a cookie to every port of a host (RFC 6265 §8.5)."""
    with ExitStack() as stack:
        other = founded.copy(tmp_path / "other")
        opened = stack.enter_context(session(other.url))
        app = application(opened, place_of("127.0.0.1", None, None, None), language="en")
        from starlette.testclient import TestClient  # noqa: PLC0415 - the extra may be missing

        first = office.sign_in("小李")
        http = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
        http.cookies.jar = first.http.cookies.jar  # one browser
        second = Browser(http)
        second.get("/me")
        assert second.response.url.path == "/sign-in"
        second.send("sign-in", name="王主任", passphrase=PASSPHRASE)
        assert "王主任" in second.text
        first.get("/me")
        assert "小李" in first.text
        second.get("/me")
        assert "王主任" in second.text


def test_an_account_cannot_end_the_sessions_of_others_by_signing_in_often():
    sessions = Sessions(lambda: 0.0)
    victim = sessions.signed(sessions.open("account:a", AccountKey.make()).id)
    key = AccountKey.make()
    opened = [sessions.open("account:b", key) for _ in range(MOST_SESSIONS + 1)]
    assert sessions.find(victim) is not None
    left = [one for one in opened if sessions.find(sessions.signed(one.id)) is not None]
    assert left == opened[-MOST_OF_AN_ACCOUNT:]


def test_a_token_of_a_form_is_of_no_use_as_a_session(office):
    """One key signs both cookies."""
    stranger = office.stranger()
    stranger.get("/sign-in")
    for value in [*stranger.http.cookies.values()]:
        stranger.http.cookies.set(office.cookie, value)
        stranger.get("/me")
        assert stranger.response.url.path == "/sign-in"


def test_a_once_token_carries_out_one_form_and_another_session_cannot_use_it(office):
    browser, other = office.browser("小李"), office.browser("王主任")
    browser.get("/record", kind="petition_batch")
    fields = {**browser.form("entry").fields, **BATCH, "step": "record", "once": "same"}
    before = position(office)
    first = browser.http.post("/record", data=fields, follow_redirects=False)
    again = browser.http.post("/record", data=fields, follow_redirects=False)
    assert first.headers["location"] == again.headers["location"]
    once = position(office)
    assert once > before
    assert other.http.post("/record", data=fields).status_code == 403
    other.get("/verify")
    csrf = other.form("queue").fields["csrf"]
    other.http.post("/verify", data={"csrf": csrf, "once": "same", "step": "ticked", "ids": "B-9"})
    assert position(office) == once


def test_a_kept_form_is_of_no_use_after_signing_out_and_in_again(office):
    """Replay: neither the token nor the cookie of an ended session works."""
    browser = office.sign_in("小李")
    browser.get("/record", kind="petition_batch")
    fields = {**browser.form("entry").fields, **BATCH, "step": "record"}
    kept = dict(browser.http.cookies)
    browser.send("sign-out")
    before = position(office)
    thief = office.stranger()
    for name, value in kept.items():
        thief.http.cookies.set(name, value)
    thief.http.post("/record", data=fields)
    browser.get("/sign-in")
    browser.send("sign-in", name="小李", passphrase=PASSPHRASE)
    assert browser.http.post("/record", data=fields).status_code == 403
    assert position(office) == before


def test_an_hour_old_session_is_over(office):
    sessions = office.kept.sessions
    browser, now = office.sign_in("小李"), sessions._clock()
    sessions._clock = lambda: now + IDLE + 1
    browser.get("/me")
    assert browser.response.url.path == "/sign-in"


# The entrance


def test_behind_a_proxy_attempts_count_for_the_address_that_the_proxy_saw(office):
    """A browser writes what it likes into X-Forwarded-For; the proxy appends whom it saw."""
    from starlette.testclient import TestClient  # noqa: PLC0415 - the extra may be missing

    with session(office.tally.url) as opened:
        place = place_of("127.0.0.1", None, None, "https://office.test")
        app = application(opened, place, language="en")
        http = TestClient(app, base_url="https://office.test")
        found = []
        for number in range(MOST_FAILURES * 4 + 1):
            browser = Browser(http)
            browser.get("/sign-in")
            fields = {**browser.form("sign-in").fields, "name": f"n{number}", "passphrase": "x"}
            seen = {"x-forwarded-for": f"10.0.0.{number}, 192.0.2.7"}
            found.append(http.post("/sign-in", data=fields, headers=seen).status_code)
        assert found == [401] * MOST_FAILURES * 4 + [429]
        fields = {**browser.form("sign-in").fields, "name": "小李", "passphrase": PASSPHRASE}
        browser.get("/sign-in")
        fields["csrf"] = browser.form("sign-in").fields["csrf"]
        seen = {"x-forwarded-for": "192.0.2.7, 192.0.2.8"}
        response = http.post("/sign-in", data=fields, headers=seen, follow_redirects=False)
        assert response.status_code == 303


def test_a_request_for_a_key_does_not_tell_whether_there_is_such_an_account(office):
    shown = []
    for name in ("小 李", "小 张"):
        stranger = office.stranger()
        stranger.get("/ask")
        stranger.send("ask", name=name, passphrase=PASSPHRASE, again=PASSPHRASE)
        text = stranger.text.replace(name, "N")
        shown.append(re.sub(r"[0-9a-f]{16}", "K", text))
    assert shown[0] == shown[1]


def test_an_attempt_that_was_not_made_for_want_of_room_is_not_counted(office):
    """Twenty people sign in at eight o'clock."""
    from cli.desk import entrance  # noqa: PLC0415

    stranger = office.stranger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entrance, "_MOST_UNLOCKING", 0)
        for _ in range(MOST_FAILURES):
            stranger.get("/sign-in")
            stranger.send("sign-in", name="小李", passphrase=PASSPHRASE, status=429)
    stranger.get("/sign-in")
    stranger.send("sign-in", name="小李", passphrase=PASSPHRASE)
    assert stranger.response.url.path == "/today"


def test_pages_are_answered_while_a_passphrase_is_stretched(office, monkeypatch):
    """Argon2 takes 64 MiB and a tenth of a second: neither the event loop nor pages wait for it."""
    import httpx2  # noqa: PLC0415 - the extra may be missing

    browser, begun, free = office.browser("小李"), Event(), Event()

    def wait(*_):
        begun.set()
        assert free.wait(60)
        raise WrongPassphraseError(Message("it is wrong"))

    monkeypatch.setattr("ledger.integrity.account_keys.load_key", wait)
    stranger = office.stranger()
    stranger.get("/sign-in")
    fields = {**stranger.form("sign-in").fields, "name": "小李", "passphrase": "x"}
    fields = {name: value if isinstance(value, str) else value[0] for name, value in fields.items()}

    async def at_once():
        transport = httpx2.ASGITransport(app=office.app)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000"
        ) as http:
            http.cookies.update({**browser.http.cookies, **stranger.http.cookies})
            signing_in = asyncio.create_task(http.post("/sign-in", data=fields))
            assert await asyncio.to_thread(begun.wait, 30)
            paths = "/static/pages.css", "/today", "/sign-in"
            found = [(await http.get(path)).status_code for path in paths]
            assert not signing_in.done()
            free.set()
            return [*found, (await signing_in).status_code]

    try:
        assert asyncio.run(at_once()) == [200, 200, 200, 401]
    finally:
        free.set()


def test_a_session_signs_by_its_own_key_and_no_other(office):
    """Not by one that the server could unlock: here TALLY_PASSPHRASE unlocks that of 小李."""
    with session(office.tally.url) as opened:
        signing = opened.ledger.signing
        with (
            signing.lent(AccountKey.make()),
            pytest.raises(EntriesRefusedError, match="no key here"),
        ):
            signing.unlock("小李")
        signing.unlock("小李")
