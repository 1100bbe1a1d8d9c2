"""With 2,000 units, pages stay small and are made quickly."""

from __future__ import annotations

from time import process_time

import pytest

from cli.session import session
from tests.cli.running import Tally
from tests.pages.conftest import client_of

MANY = 2_000
MAX_BYTES = 3_000_000
MAX_SECONDS = 5.0
"""Of the processor, which a busy machine does not lengthen much; every page takes less than one."""


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    tally = Tally(tmp_path_factory.mktemp("many"))
    tally("init").ok()
    tally.take_in(
        *(
            {"kind": "unit", "id": f"V{number:04}", "name": f"第{number}村", "type": "village"}
            for number in range(MANY)
        )
    )
    with session(tally.url) as opened:
        client = client_of(opened)
        client.page("/ranking", year="2016", through="2016-11-30")
        yield client


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/", {}),
        ("/ranking", {}),
        ("/unit", {"id": "V0042"}),
        ("/period", {"unit": "V0042", "period": "2016Q3"}),
        ("/entry", {"id": "V0042"}),
        ("/open", {}),
        ("/clauses", {}),
        ("/clause", {"id": "screening"}),
        ("/differences", {"from": "2"}),
    ],
)
def test_every_page_is_small_and_quick(client, path, parameters):
    start = process_time()
    response = client.get(path, year="2016", through="2016-11-30", **parameters)
    seconds = process_time() - start
    assert response.status_code == 200
    assert len(response.content) < MAX_BYTES
    assert seconds < MAX_SECONDS


def test_long_lists_are_shortened_to_counts_by_unit(client):
    page = client.page("/open", through_may=False, year="2016", through="2016-11-30")
    assert "Too many to list here: open a unit to see its own." in page.text
    assert ["V0042 第42村", "not inspected 13"] in page.cells()
    page = client.page(
        "/clause", through_may=False, id="screening", year="2016", through="2016-11-30"
    )
    assert ["V0042 第42村", "−12", "12"] in page.cells()


def test_long_differences_are_shortened_to_rank_and_total(client):
    """From no unit to 2,000 units, one row for each is shown."""
    parameters = {"from": "1", "year": "2016", "through": "2016-11-30"}
    page = client.page("/differences", through_may=False, **parameters)
    assert "Too many postings and causes to list: compare two states nearer" in page.text
    total = client.page("/ranking", through_may=False, year="2016", through="2016-11-30").row(
        "V0042"
    )[10]
    assert ["V0042 第42村", "", "1", "", total] in page.cells()
