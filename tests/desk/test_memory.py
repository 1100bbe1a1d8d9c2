"""Servers that are asked for thousands of different states keep their memory."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.entries import batch, reports
from tests.desk.conftest import PASSPHRASE
from tests.desk.form_page import Browser
from tests.desk.test_serving import running

REQUESTS = 5_000
WARM = 1_000
"""Requests after which all that is kept is there: six years, and tables of the interpreter."""

MOST_GROWTH = 24
"""MiB by which a server may grow after that: 6 KiB a request. A year of this ledger that was kept
for each request would be several times as much."""


def memory(pid):
    """Return the resident memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


@pytest.fixture
def long(office):
    """Return the office's ledger with some hundred events, and its last position."""
    at = "2016-{:02}-{:02}T09:30:00+08:00"
    entries = [
        batch(f"B-{month}-{day}", occurred_at=at.format(month, day))
        for month in range(1, 7)
        for day in range(1, 25)
    ]
    office.record(*entries, *reports("V001", "2015-12", "2016-01", "2016-02", "2016-03"))
    return office.tally, office.tally("account", "list", "--json").ok().json["position"]


@pytest.mark.slow
@pytest.mark.parametrize("command", ["serve", "desk"])
def test_five_thousand_states_leave_the_memory_as_it_was(long, command):
    import httpx2  # noqa: PLC0415 - the extra may be missing

    tally, last = long
    with running(command, tally.url) as (process, line):
        port = re.search(r":(\d+)/", line)[1]
        address = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=address, follow_redirects=True, timeout=60) as http:
            if command == "desk":
                browser = Browser(http)
                browser.get("/sign-in")
                browser.send("sign-in", name="审计员", passphrase=PASSPHRASE)
            sizes, pages, first = [], 0, date(2016, 1, 1)
            for number in range(REQUESTS):
                position, days = last - number % 250, number // 250
                day = first + timedelta(days=7 * days)
                path = ("/ranking", "/unit", "/open")[number % 3]
                asked = {"as_of": str(position), "through": str(day), "id": "V001"}
                response = http.get(path, params=asked)
                assert response.status_code in {200, 404}, response.text
                pages += response.status_code == 200
                if number % 250 == 249:
                    sizes.append(memory(process.pid))
    warm, end = sizes[WARM // 250 - 1], sizes[-1]
    print(command, [round(one) for one in sizes])
    assert pages == REQUESTS
    assert end - warm < MOST_GROWTH, sizes
