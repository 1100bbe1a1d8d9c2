"""Twenty people at once for a minute: nothing is lost, nothing is twice, the ledger is sound."""

from __future__ import annotations

import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest

from tests.desk.conftest import PASSPHRASE
from tests.desk.form_page import Browser, forms_of
from tests.desk.test_serving import desk
from tests.desk.typed import BATCH

SECONDS = 60
CLERKS = [f"录入员{one}" for one in "甲乙丙丁戊己庚辛壬癸"]
HEADS = [f"核定员{one}" for one in "甲乙丙丁戊己庚辛壬癸"]

BUSY, REFUSED = 503, 422


class Person:
    """Somebody at a browser, with what the desk said was done."""

    def __init__(self, name, port, barrier):
        import httpx2  # noqa: PLC0415 - the extra may be missing

        self.name, self._barrier = name, barrier
        self.http = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60
        )
        self.browser, self.done, self.refused, self.busy = Browser(self.http), [], 0, 0

    def work(self, act):
        """Sign in at the same time as all others, and act for a minute."""
        with self.http:
            self._barrier.wait()
            self.browser.get("/sign-in", lang="en")
            self.browser.send("sign-in", name=self.name, passphrase=PASSPHRASE)
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                act(self)
        return self

    @contextmanager
    def refusals(self):
        """Count answers that refuse; any other than 200, 422 and 503 is an error."""
        try:
            yield
        except AssertionError:
            status = self.browser.response.status_code
            assert status in {BUSY, REFUSED}, self.browser.text
            self.busy += status == BUSY
            self.refused += status == REFUSED


def record(person):
    matter = f"XF-{CLERKS.index(person.name)}-{len(person.done) + person.refused + person.busy}"
    with person.refusals():
        person.browser.get("/record", kind="petition_batch", lang="en")
        person.browser.send("entry", step="record", **{**BATCH, "f_matter": matter})
        person.done.append((dict(person.browser.response.url.params)["after"], matter))


def verify(person):
    with person.refusals():
        person.browser.get("/verify", lang="en")
        (queue,) = [one for one in forms_of(person.browser.response.text) if one.id == "queue"]
        offered = queue.choices.get("ids")
        if not offered:
            time.sleep(0.2)
            return
        one = random.choice(offered)
        person.browser.send("queue", one=one)
        notices = re.findall(r'class="notice"[^>]*>([^<]*)', person.browser.response.text)
        if f"verified {one}" in notices:
            person.done.append(one)


@pytest.mark.slow
def test_twenty_people_at_once_for_a_minute_lose_nothing(tally, monkeypatch):
    monkeypatch.setenv("TALLY_NEW_PASSPHRASE", PASSPHRASE)
    for name in CLERKS:
        tally("account", "add", name, "--role", "clerk", "--by", "王主任").ok()
    for name in HEADS:
        tally("account", "add", name, "--role", "verifier", "--by", "王主任").ok()
    barrier = Barrier(len(CLERKS) + len(HEADS))
    with desk(tally.url) as (port, _), ThreadPoolExecutor(len(CLERKS) + len(HEADS)) as threads:
        at_work = [
            threads.submit(Person(name, port, barrier).work, act)
            for names, act in ((CLERKS, record), (HEADS, verify))
            for name in names
        ]
        people = {one.result().name: one.result() for one in at_work}
    recorded = {entry: (matter, name) for name in CLERKS for entry, matter in people[name].done}
    verified = {entry: name for name in HEADS for entry in people[name].done}
    entries = {
        one["id"]: one for one in tally("list", "petition_batch", "--json").ok().json["entries"]
    }
    found = {
        entry: (one["content"]["matter"], one["recorded"]["by"]) for entry, one in entries.items()
    }
    assert found == recorded
    assert len({matter for matter, _ in found.values()}) == len(found)
    signed_off = {
        entry: one["verified"]["by"]
        for entry, one in entries.items()
        if one.get("verified") is not None
    }
    assert signed_off == verified
    assert sum(len(people[name].done) for name in HEADS) == len(verified)
    checked = tally("check", "--json").ok().json
    print(f"{len(recorded)} recorded, {len(verified)} verified,")
    print(f"{sum(one.refused for one in people.values())} refused,")
    print(f"{sum(one.busy for one in people.values())} told to come again; {checked}")
    assert min(len(people[name].done) for name in CLERKS) > 0
    assert verified
