"""Signing in and out: sessions, tokens of forms, limits of attempts."""

from __future__ import annotations

import re

import pytest

from cli.desk.attempts import MOST_FAILURES, WINDOW, Attempts, TooManyAttemptsError
from cli.desk.sessions import IDLE, LONGEST, Sessions
from ledger.account_proofs import AccountKey
from tests.desk.conftest import PASSPHRASE


def test_who_is_not_signed_in_sees_no_page(office):
    stranger = office.stranger()
    for path in ("/", "/today", "/me", "/unit?id=V001", "/clauses", "/open", "/margins"):
        stranger.get(path)
        assert stranger.response.url.path == "/sign-in"
        assert "甲村" not in stranger.response.text


def test_signing_in_leads_to_the_page_that_was_asked_for(office):
    stranger = office.stranger()
    stranger.get("/unit?id=V001")
    stranger.send("sign-in", name="小李", passphrase=PASSPHRASE)
    assert str(stranger.response.url).endswith("/unit?id=V001")


@pytest.mark.parametrize("to", ["//evil.example/", "/\\evil.example", "https://evil.example/"])
def test_signing_in_never_leads_elsewhere(office, to):
    stranger = office.stranger()
    stranger.get("/sign-in", next=to)
    stranger.send("sign-in", name="小李", passphrase=PASSPHRASE)
    assert str(stranger.response.url) == "http://127.0.0.1:8000/today"


def test_a_name_is_taken_however_it_is_spelled(office):
    assert "小李" in office.sign_in(" 小 李 ").text


def test_a_wrong_name_and_a_wrong_passphrase_are_told_alike(office):
    stranger = office.stranger()
    told = set()
    for name, passphrase in (("小李", "wrong passphrase"), ("无此人", PASSPHRASE)):
        stranger.get("/sign-in")
        stranger.send("sign-in", name=name, passphrase=passphrase, status=401)
        told.add(re.search(r'<p class="refused"[^>]*>(.*?)</p>', stranger.response.text)[1])
    assert told == {"the name or the passphrase is wrong"}


def test_too_many_failed_attempts_are_refused_even_with_the_right_passphrase(office):
    stranger = office.stranger()
    for _ in range(MOST_FAILURES):
        stranger.get("/sign-in")
        stranger.send("sign-in", name="小李", passphrase="wrong passphrase", status=401)
    stranger.get("/sign-in")
    stranger.send("sign-in", name="小李", passphrase=PASSPHRASE, status=429)
    assert 0 < int(stranger.response.headers["retry-after"]) <= WINDOW + 1
    assert "王主任" in office.sign_in("王主任").text


def test_attempts_count_for_a_quarter_of_an_hour():
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(MOST_FAILURES):
        attempts.fail("account:a", "10.0.0.1")
    with pytest.raises(TooManyAttemptsError):
        attempts.check("account:a", "10.0.0.2")
    now[0] = WINDOW
    attempts.check("account:a", "10.0.0.2")


def test_a_session_ends_unused_and_after_a_working_day():
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    cookie = sessions.signed(sessions.open("account:a", AccountKey.make()).id)
    now[0] = IDLE
    assert sessions.find(cookie) is not None
    now[0] = 2 * IDLE + 1
    assert sessions.find(cookie) is None
    cookie = sessions.signed(sessions.open("account:a", AccountKey.make()).id)
    began = now[0]
    while now[0] - began <= LONGEST:
        assert sessions.find(cookie) is not None
        now[0] += IDLE / 2
    assert sessions.find(cookie) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(office):
    browser = office.stranger()
    browser.http.follow_redirects = False
    browser.get("/sign-in")
    browser.send("sign-in", name="小李", passphrase=PASSPHRASE, status=303)
    cookie = browser.response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_a_cookie_from_before_signing_in_is_not_the_session(office):
    """Session fixation: who plants a cookie does not share the session."""
    victim = office.stranger()
    victim.http.cookies.set(office.cookie, "planted.by.another")
    victim.get("/sign-in")
    victim.send("sign-in", name="小李", passphrase=PASSPHRASE)
    other = office.stranger()
    other.http.cookies.set(office.cookie, "planted.by.another")
    other.get("/me")
    assert other.response.url.path == "/sign-in"


def test_a_cookie_is_of_no_use_after_signing_out(office):
    browser = office.sign_in("小李")
    kept = browser.http.cookies[office.cookie]
    browser.send("sign-out")
    thief = office.stranger()
    thief.http.cookies.set(office.cookie, kept)
    thief.get("/me")
    assert thief.response.url.path == "/sign-in"


def test_a_forged_cookie_is_of_no_use(office):
    cookie = office.sign_in("小李").http.cookies[office.cookie]
    for forged in (
        cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
        cookie.split(".")[0],
        "",
        "x",
    ):
        thief = office.stranger()
        thief.http.cookies.set(office.cookie, forged)
        thief.get("/me")
        assert thief.response.url.path == "/sign-in"


def test_a_form_without_its_token_is_refused(office):
    browser = office.sign_in("小李")
    assert browser.http.post("/sign-out", data={"csrf": "x"}).status_code == 403
    assert browser.http.post("/sign-in", data={"name": "小李"}).status_code == 403
    browser.get("/me")
    assert browser.response.url.path == "/me"


@pytest.mark.parametrize(
    "header",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
     {"origin": "http://127.0.0.1:9000"}],
)  # fmt: skip
def test_a_form_of_another_site_is_refused(office, header):
    browser = office.sign_in("小李")
    form = browser.form("sign-out")
    response = browser.http.post("/sign-out", data=form.fields, headers=header)
    assert response.status_code == 403
    browser.get("/me")
    assert browser.response.url.path == "/me"


def test_a_closed_account_is_signed_out_at_once(office):
    browser = office.sign_in("小李")
    office.tally("account", "close", "小李", "--reason", "调离", "--by", "王主任").ok()
    browser.get("/me")
    assert browser.response.url.path == "/sign-in"


def test_large_forms_are_refused_before_anybody_is_signed_in(office):
    stranger = office.stranger()
    stranger.get("/sign-in")
    response = stranger.http.post("/sign-in", data={"name": "x" * 100_000})
    assert response.status_code in {400, 413}
