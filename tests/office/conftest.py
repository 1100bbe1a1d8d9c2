"""Ledgers that workbooks are read into and bulletins are made of."""

from __future__ import annotations

import pytest

from tests.cli.entries import UNITS
from tests.cli.running import Tally, process


@pytest.fixture
def tally(tmp_path):
    """`tally` on a fresh ledger of two villages."""
    made = Tally(tmp_path)
    made("init").ok()
    made.take_in(*UNITS)
    return made


@pytest.fixture
def empty(tmp_path):
    """`tally` on a fresh, empty ledger."""
    made = Tally(tmp_path)
    made("init").ok()
    return made


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """`tally` on the sample year, which tests only read."""
    folder = tmp_path_factory.mktemp("town")
    assert process("demo", "town", folder=folder).status == 0
    return Tally(folder, folder / "town" / "tally.db")
