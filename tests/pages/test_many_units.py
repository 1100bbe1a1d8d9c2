"""Two thousand units: pages stay light, and come soon once the ledger is read."""

from __future__ import annotations

from time import perf_counter

import pytest

from cli.session import session
from tests.cli.running import Tally
from tests.pages.conftest import reader_of

MANY = 2_000
LIGHT = 3_000_000
"""Bytes of the heaviest page."""
SOON = 5.0
"""Seconds at most on a busy machine; on a quiet one none takes one."""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    tally = Tally(tmp_path_factory.mktemp("crowd"))
    tally("init").ok()
    tally.take_in(
        *(
            {"kind": "unit", "id": f"V{number:04}", "name": f"第{number}村", "type": "village"}
            for number in range(MANY)
        )
    )
    with session(tally.url) as opened:
        reader = reader_of(opened)
        reader.page("/", year="2016", through="2016-11-30")
        yield reader


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/", {}),
        ("/unit", {"id": "V0042"}),
        ("/quarter", {"unit": "V0042", "quarter": "2016Q3"}),
        ("/entry", {"id": "V0042"}),
        ("/open", {}),
        ("/clauses", {}),
        ("/clause", {"id": "screening"}),
        ("/differences", {"from": "2"}),
    ],
)
def test_pages_are_light_and_soon_there(crowd, path, own):
    start = perf_counter()
    answer = crowd.get(path, year="2016", through="2016-11-30", **own)
    taken = perf_counter() - start
    assert answer.status_code == 200
    assert len(answer.content) < LIGHT
    assert taken < SOON


def test_long_lists_are_told_by_unit(crowd):
    page = crowd.page("/open", known=False, year="2016", through="2016-11-30")
    assert "Too many to list here: open a unit for its own." in page.text
    assert ["V0042 第42村", "not inspected 13"] in page.cells()
    page = crowd.page("/clause", known=False, id="screening", year="2016", through="2016-11-30")
    assert ["V0042 第42村", "−11.5", "12"] in page.cells()


def test_many_changes_are_told_by_rank_and_total(crowd):
    """From nobody to 2,000 units: a row each, and no more of it."""
    asked = {"from": "1", "year": "2016", "through": "2016-11-30"}
    page = crowd.page("/differences", known=False, **asked)
    assert "Too many postings and causes to list: compare two states nearer" in page.text
    total = crowd.page("/", known=False, year="2016", through="2016-11-30").row("V0042")[10]
    assert ["V0042 第42村", "", "1", "", total] in page.cells()
