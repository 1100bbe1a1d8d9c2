"""A small town with scores worked out by hand, its pages on a test client, its static site."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cli.pages.app import application
from cli.session import session
from tests.cli.entries import UNITS, batch, reports
from tests.cli.running import Tally
from tests.pages.html_page import HtmlPage

MONTHS = ("2015-12", "2016-01", "2016-02", "2016-03", "2016-04", "2016-05")
SCRIPT = "<script>document.title='owned'</script>"
THROUGH = "2016-05-31"


class Town(NamedTuple):
    """The town's ledger, and the position after each step of `build`."""

    tally: Tally
    imported: int
    published: int
    corrected: int
    last: int

    @property
    def url(self):
        return self.tally.url


def build(tally):
    """Record the town; return it.

    The scores through 2016-05-31, worked out by hand:

    V001 submitted all reports, so its basic work is 8. B-1 is an abnormal batch of 3 people to
      the town without a response: −1 point (三（一）2), published for 2016Q2 as 19. Then B-1 is
      corrected to the district: −2 points, so now 18. Criticised by the province: vetoed.
      Total 20 + 18 = 38.
    V002 submitted all reports and is commended by the city, +2: 20 + 20 + 2 = 42.
    C/1 丙社区 submitted nothing. Q1: three screening reports missing, −1 each, and three months
      of 2 cases short, −3 each: 20 − 3 − 9 = 8. Q2: the same, 8. Yellow card, −2: 8 + 8 − 2 = 14.
    """
    community = {"kind": "unit", "id": "C/1", "name": f"丙社区{SCRIPT}", "type": "community"}
    tally.take_in(
        *UNITS,
        community,
        *reports("V001", *MONTHS),
        *reports("V002", *MONTHS),
        batch(note=SCRIPT),
        {
            "kind": "commendation",
            "id": "CM-1",
            "unit": "V002",
            "level": "city",
            "issued_on": "2016-04-01",
        },
        {
            "kind": "criticism",
            "id": "CT-1",
            "unit": "V001",
            "issuer": "province",
            "issued_on": "2016-05-05",
        },
        {"kind": "yellow_card", "id": "YC-1", "unit": "C/1", "issued_on": "2016-05-06"},
    )
    imported = tally.position
    tally.publish("2016Q2", "--through", THROUGH)
    published = tally.position - 1
    correction = ("--set", "level=district", "--reason", "级别更正", "--by", "clerk", "--yes")
    tally("correct", "B-1", *correction).ok()
    tally("verify", "--all", "--by", "head").ok()
    corrected = tally.position
    tally("object", "B-1.2", "--unit", "V001", "--reason", f"有异议{SCRIPT}", "--by", "clerk").ok()
    awaiting = batch("B-9", headcount=1, occurred_at="2016-05-20T10:00:00+08:00")
    tally.take_in(awaiting, verify_by=None)
    return Town(tally, imported, published, corrected, tally.position)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """Return the town; tests must not append to it."""
    tally = Tally(tmp_path_factory.mktemp("town"))
    tally("init").ok()
    tally.adopt(2015)
    return build(tally)


class PageClient:
    """An HTTP client that parses pages."""

    def __init__(self, http):
        self.http = http

    def get(self, path, **parameters):
        """Return the response, whatever its status, once what is on the page is computed."""
        while True:
            response = self.http.get(path, params=parameters or None)
            if "data-again" not in response.text:
                return response

    def page(self, path, *, through_may=True, **parameters):
        """Return a page, by default through the end of May 2016."""
        if through_may:
            parameters = {"through": THROUGH, **parameters}
        response = self.get(path, **parameters)
        page = HtmlPage(response.text)
        assert response.status_code == 200, page.text
        return page

    def error(self, status, path, **parameters):
        """Return the text of an error page with a status."""
        response = self.get(path, **parameters)
        assert response.status_code == status
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        return HtmlPage(response.text).text


def client_of(opened, **more):
    """Return a client of the pages of an open session."""
    from starlette.testclient import TestClient  # noqa: PLC0415 - the extra may be missing

    app = application(opened, language="en", **more)
    http = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    return PageClient(http)


@pytest.fixture(scope="session")
def client(town):
    with session(town.url) as opened:
        yield client_of(opened)


@pytest.fixture(scope="session")
def site(town, tmp_path_factory):
    """Return the folder of the town's static site."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    town.tally("site", folder, "--through", THROUGH, "--lang", "en").ok()
    return folder
