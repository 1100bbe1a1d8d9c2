"""A small town whose every figure is worked out by hand, and its pages on a test client."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cli.pages.app import application
from cli.session import session
from tests.cli.entries import UNITS, batch, reports
from tests.cli.running import Tally
from tests.pages.html_page import Read

MONTHS = ("2015-12", "2016-01", "2016-02", "2016-03", "2016-04", "2016-05")
EVIL = "<script>document.title='owned'</script>"
THROUGH = "2016-05-31"


class Town(NamedTuple):
    """The ledger and the positions at which something happened to it."""

    tally: Tally
    taken_in: int
    published: int
    corrected: int
    last: int

    @property
    def url(self):
        return self.tally.url


def build(tally):
    """Through 2016-05-31, by hand.

    All reports of the six months are in, so that basic work stays at 8.
    V001: B-1, 3 people abnormally to the town, no response recorded: 1 point (三（一）2), as
      published for 2016Q2: 19. Corrected to the district: 2 points, now 18. Criticised by the
      province: vetoed. Total 20 + 18 = 38.
    V002: commended by the city +2: 20 + 20 + 2 = 42.
    C/1 丙社区 reported nothing: months 12, 1, 2 missing −1 each and 2 cases short −3 each:
      20 − 3 − 9 = 8; Q2: March and April missing −1 each, May still owed (late) −0.5 and three
      months' cases −9: 20 − 2.5 − 9 = 8.5. Yellow card −2: 14.5.
    """
    odd = {"kind": "unit", "id": "C/1", "name": f"丙社区{EVIL}", "type": "community"}
    tally.take_in(
        *UNITS,
        odd,
        *reports("V001", *MONTHS),
        *reports("V002", *MONTHS),
        batch(note=EVIL),
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
    taken_in = tally.position
    tally("publish", "2016Q2", "--by", "office").ok()
    published = tally.position
    correction = ("--set", "level=district", "--reason", "级别更正", "--by", "clerk", "--yes")
    tally("correct", "B-1", *correction).ok()
    tally("verify", "--all", "--by", "head").ok()
    corrected = tally.position
    tally("object", "B-1.2", "--unit", "V001", "--reason", f"有异议{EVIL}", "--by", "clerk").ok()
    awaiting = batch("B-9", headcount=1, occurred_at="2016-05-20T10:00:00+08:00")
    tally.take_in(awaiting, verify_by=None)
    return Town(tally, taken_in, published, corrected, tally.position)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The town, which tests only read."""
    tally = Tally(tmp_path_factory.mktemp("town"))
    tally("init").ok()
    return build(tally)


class Reader:
    """A browser that takes pages apart."""

    def __init__(self, client):
        self.client = client

    def get(self, path, **parameters):
        """The answer, whatever it is."""
        return self.client.get(path, params=parameters or None)

    def page(self, path, *, known=True, **parameters):
        """A page, seen through the end of May unless told otherwise."""
        if known:
            parameters = {"through": THROUGH, **parameters}
        answer = self.get(path, **parameters)
        assert answer.status_code == 200, Read(answer.text).text
        return Read(answer.text)

    def refused(self, status, path, **parameters):
        """The text of a page that says what is wrong."""
        answer = self.get(path, **parameters)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return Read(answer.text).text


def reader_of(opened, **more):
    """A reader of the pages of an open session."""
    from starlette.testclient import TestClient  # noqa: PLC0415 - the extra may be missing

    made = application(opened, language="en", **more)
    return Reader(TestClient(made, base_url="http://127.0.0.1:8000", raise_server_exceptions=False))


@pytest.fixture(scope="session")
def reader(town):
    with session(town.url) as opened:
        yield reader_of(opened)


@pytest.fixture(scope="session")
def site(town, tmp_path_factory):
    """The town as a folder of files."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    town.tally("site", folder, "--through", THROUGH, "--lang", "en").ok()
    return folder
