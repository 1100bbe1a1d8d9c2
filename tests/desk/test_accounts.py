"""Accounts at the desk: asked for by their holders, opened by verifiers, closed and given keys."""

from __future__ import annotations

import json
import re

import pytest

from cli.desk.key_requests import MOST, SECONDS, KeyRequestError, KeyRequests
from ledger.account_proofs import AccountKey
from tests.cli.entries import batch
from tests.desk.conftest import PASSPHRASE

NEW = "白日依山尽，黄河入海流"


def ask(office, name, passphrase=NEW, again=None, status=200):
    """Ask for a key as somebody who is not signed in; return its number."""
    browser = office.stranger()
    browser.get("/ask")
    browser.send("ask", name=name, passphrase=passphrase, again=again or passphrase, status=status)
    found = re.search(r'id="key">([0-9a-f]{16})<', browser.response.text)
    return found[1] if found else browser.text


def accounts(office):
    return {
        one["account"]: one for one in office.tally("account", "list", "--json").json["accounts"]
    }


def key_files(office):
    return {path.name for path in (office.tally.folder).rglob("*.key")}


def test_whoever_asks_is_opened_by_a_verifier_and_signs_in(office):
    key = ask(office, "小赵")
    head = office.browser("王主任")
    head.get("/accounts")
    # The address that the head tells the others.
    assert "http://127.0.0.1:8000/ask" in head.text
    head.send("grant-1", key=key, role="clerk")
    assert "小赵 is opened" in head.text
    found = accounts(office)["小赵"]
    assert (found["role"], found["key"], found["opened"]["by"]) == ("clerk", key, "王主任")
    browser = office.sign_in("小赵", NEW)
    browser.get("/import")
    files = [("files", ("a.jsonl", _line(batch("B-1"))))]
    browser.send("upload", files=files)
    browser.send("record")
    assert "recorded 1" in browser.text
    office.tally("check").ok()


def _line(entry):
    return json.dumps(entry).encode()


def test_the_passphrase_reaches_neither_the_ledger_nor_the_verifier(office):
    ask(office, "小赵")
    head = office.browser("王主任")
    head.get("/accounts")
    assert NEW not in head.response.text
    for path in office.tally.folder.rglob("*"):
        assert not path.is_file() or NEW.encode() not in path.read_bytes()


def test_a_unit_account_is_opened_for_its_unit(office):
    key = ask(office, "乙村账户")
    head = office.browser("王主任")
    head.get("/accounts")
    head.send("grant-1", key=key, role="unit", unit="", status=422)
    assert "乙村账户" not in accounts(office)
    head.send("grant-1", key=key, role="unit", unit="V002")
    assert accounts(office)["乙村账户"]["unit"] == "V002"


def test_a_key_whose_number_differs_is_not_put_on_the_record(office):
    """Somebody else asks under the name of a clerk: the number that the clerk tells is another."""
    stolen, own = ask(office, "小赵", "another passphrase"), ask(office, "小赵")
    assert stolen != own
    head = office.browser("王主任")
    head.get("/accounts")
    head.send("grant-1", key=own, role="clerk", status=422)
    assert "小赵" not in accounts(office)
    head.send("grant-2", key=own, role="clerk")
    assert accounts(office)["小赵"]["key"] == own


def test_a_forgotten_passphrase_is_replaced_by_another_key(office):
    key = ask(office, " 小 李")
    head = office.browser("王主任")
    head.get("/accounts")
    head.send("grant-1", key=key, reason="忘记口令")
    assert accounts(office)["小李"]["key"] == key
    office.sign_in("小李", NEW).get("/me")
    stranger = office.stranger()
    stranger.get("/sign-in")
    stranger.send("sign-in", name="小李", passphrase=PASSPHRASE, status=401)


def test_another_key_ends_the_sessions_of_the_old_one(office):
    browser = office.sign_in("小李")
    key = ask(office, "小李")
    head = office.browser("王主任")
    head.get("/accounts")
    head.send("grant-1", key=key, reason="遗失")
    browser.get("/me")
    assert browser.response.url.path == "/sign-in"


def test_a_name_that_looks_like_an_account_is_not_opened(office):
    head, key = office.browser("王主任"), ask(office, "lee")
    head.get("/accounts")
    head.send("grant-1", key=key, role="clerk")
    key = ask(office, "l\u0435e")  # the first e is Cyrillic
    head.get("/accounts")
    assert "looks like the account lee" in head.text
    (request,) = office.kept.requests.waiting()
    fields = head.form("close-form").fields | {"request": request.token, "key": key}
    response = head.http.post("/accounts/open", data={**fields, "role": "clerk"})
    assert response.status_code == 422
    assert len(accounts(office)) == 6


def test_a_dismissed_request_leaves_no_key(office):
    before = key_files(office)
    ask(office, "小赵")
    assert len(key_files(office)) == len(before) + 1
    head = office.browser("王主任")
    head.get("/accounts")
    head.send("dismiss-1")
    assert key_files(office) == before
    assert "No request waits" in head.text


def test_requests_are_few_and_wait_for_a_day(tmp_path):
    now = [0.0]
    requests = KeyRequests(lambda: now[0])
    for number in range(MOST):
        path = tmp_path / f"{number}.key"
        path.touch()
        made = requests.add(f"账户{number}", AccountKey.make().public, path)
    with pytest.raises(KeyRequestError):
        requests.check_room()
    now[0] = SECONDS + 1
    requests.check_room()
    with pytest.raises(KeyRequestError):
        requests.find(made.token)
    assert not [*tmp_path.iterdir()]


def test_requests_are_limited(office):
    for _ in range(5):
        ask(office, "小赵")
    assert "too many attempts" in ask(office, "小赵", status=429)
    office.sign_in("小李")  # the limit of requests is not that of signing in


def test_a_request_is_refused_with_its_reason(office):
    assert "the two passphrases differ" in ask(office, "小赵", again="other", status=422)
    assert "fewer than 8 characters" in ask(office, "小孙", "short", status=422)
    ask(office, "", status=422)
    head = office.browser("王主任")
    head.get("/accounts")
    assert "No request waits" in head.text


def test_an_account_is_closed(office):
    browser, head = office.sign_in("小李"), office.browser("王主任")
    head.get("/accounts")
    head.send("close-form", name="小李", reason="", status=422)
    assert accounts(office)["小李"]["closed"] is None
    head.send("close-form", name="小李", reason="调离")
    assert accounts(office)["小李"]["closed"]["by"] == "王主任"
    browser.get("/me")
    assert browser.response.url.path == "/sign-in"


@pytest.mark.parametrize("name", ["小李", "审计员", "甲村账户"])
@pytest.mark.parametrize("act", ["open", "reset", "dismiss", "close"])
def test_only_verifiers_change_accounts(office, name, act):
    key = ask(office, "小赵")
    (request,) = office.kept.requests.waiting()
    browser = office.browser(name)
    fields = {
        "csrf": browser.form("sign-out").fields["csrf"],
        "request": request.token,
        "key": key,
        "role": "verifier",
        "name": "王主任",
        "reason": "x",
    }
    before = accounts(office)
    assert browser.http.post(f"/accounts/{act}", data=fields).status_code == 403
    assert accounts(office) == before


def test_the_office_reads_the_accounts_and_units_do_not(office):
    auditor = office.browser("审计员")
    auditor.get("/accounts")
    assert accounts(office)["小李"]["key"] in auditor.text
    assert "Close an account" not in auditor.text
    assert office.browser("甲村账户").http.get("/accounts").status_code == 403


def change(browser, present, passphrase, again=None, status=200):
    browser.get("/me")
    fields = {"present": present, "passphrase": passphrase, "again": again or passphrase}
    browser.send("passphrase-form", status=status, **fields)


def test_a_passphrase_is_changed_by_who_knows_it(office):
    browser, elsewhere = office.sign_in("小李"), office.sign_in("小李")
    key = accounts(office)["小李"]["key"]
    change(browser, PASSPHRASE, NEW)
    assert "your passphrase is changed" in browser.text
    elsewhere.get("/me")
    assert elsewhere.response.url.path == "/sign-in"
    office.sign_in("小李", NEW).get("/me")
    stranger = office.stranger()
    stranger.get("/sign-in")
    stranger.send("sign-in", name="小李", passphrase=PASSPHRASE, status=401)
    assert accounts(office)["小李"]["key"] == key


def test_a_passphrase_is_not_changed_by_who_does_not_know_it(office):
    browser = office.sign_in("小李")
    change(browser, "wrong passphrase", NEW, status=422)
    change(browser, PASSPHRASE, NEW, "other", status=422)
    change(browser, PASSPHRASE, "short", status=422)
    office.sign_in("小李").get("/me")


def test_guesses_of_a_passphrase_are_limited_within_a_session(office):
    browser = office.sign_in("小李")
    for _ in range(5):
        change(browser, "wrong passphrase", NEW, status=422)
    change(browser, PASSPHRASE, NEW, status=422)
    assert "too many attempts" in browser.text
