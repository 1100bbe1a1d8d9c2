"""Ledgers into which workbooks are imported and of which bulletins are written."""

from __future__ import annotations

import pytest

from tests.cli.entries import UNITS
from tests.cli.running import Tally, process
from tests.office.documents import write_bulletin


@pytest.fixture
def empty(tmp_path):
    """Return `tally` on a new, empty ledger."""
    tally = Tally(tmp_path)
    tally("init").ok()
    return tally


@pytest.fixture
def tally(empty):
    """Return `tally` on a new ledger with the units V001 甲村 and V002 乙村."""
    empty.take_in(*UNITS)
    return empty


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """Return `tally` on the sample year, which tests only read."""
    folder = tmp_path_factory.mktemp("town")
    assert process("demo", "town", folder=folder).status == 0
    return Tally(folder, folder / "town" / "tally.db")


@pytest.fixture(scope="session")
def notice(town):
    """Return the bulletin of the sample year's second quarter."""
    return write_bulletin(town, "2016Q2")
