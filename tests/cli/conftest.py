"""Ledgers that the command line is tested on."""

from __future__ import annotations

import pytest

from tests.cli.running import Tally, process


@pytest.fixture
def tally(tmp_path):
    """`tally` on a fresh, empty ledger."""
    made = Tally(tmp_path)
    assert made("init").ok().err == ""
    return made


@pytest.fixture
def nothing(tmp_path):
    """`tally` where there is no ledger."""
    return Tally(tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """`tally` on the ledger of the sample year, which tests only read."""
    folder = tmp_path_factory.mktemp("demo")
    assert process("demo", "town", folder=folder).status == 0
    return Tally(folder, folder / "town" / "tally.db")
