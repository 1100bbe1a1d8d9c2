"""Ledgers on which the command line is tested."""

from __future__ import annotations

import shutil

import pytest

from projections.measure.folder import SHIPPED
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally, process


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory):
    """Return `tally` on an empty ledger, which `tally` copies."""
    made = Tally(tmp_path_factory.mktemp("empty"))
    assert made("init").ok().err == ""
    return made


@pytest.fixture(scope="session")
def town_ledger(tmp_path_factory, empty_ledger):
    """Return `tally` on the ledger that `town` copies."""
    made = empty_ledger.copy(tmp_path_factory.mktemp("town"))
    made.take_in(*UNITS, batch())
    return made


@pytest.fixture
def tally(tmp_path, empty_ledger):
    """Return `tally` on an empty ledger."""
    return empty_ledger.copy(tmp_path)


@pytest.fixture
def town(tmp_path, town_ledger):
    """Return `tally` on a ledger of two villages and a batch, verified: position 7."""
    return town_ledger.copy(tmp_path)


@pytest.fixture
def nothing(tmp_path):
    """Return `tally` where there is no ledger."""
    return Tally(tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """Return `tally` on the ledger of the sample year, which tests only read."""
    folder = tmp_path_factory.mktemp("demo")
    assert process("demo", "town", folder=folder).status == 0
    return Tally(folder, folder / "town" / "tally.db")


@pytest.fixture
def zh(monkeypatch):
    """Choose Chinese."""
    monkeypatch.setenv("TALLY_LANG", "zh_CN")


@pytest.fixture
def refused_import(town):
    """Return a function that imports files into `town` and checks that nothing is written.

    It returns the run with `--json`; the run without prints the same on standard error.
    """

    def run(*files, by="clerk", more=()):
        before = town.stored()
        words = ["import", *files, "--by", by, *more]
        found = town(*words, "--json").refused()
        plain = town(*words).refused()
        assert plain.out == ""
        assert plain.err == found.err
        assert found.err.endswith(
            f"tally: {len(found.json['errors'])} refused; nothing was written\n"
        )
        assert town.stored() == before
        assert town.position == 7
        return found

    return run


@pytest.fixture
def draft(tmp_path):
    """Return a copy of the first measure's folder, with the worked cases of one file of sixteen."""
    folder = tmp_path / "draft"
    shutil.copytree(SHIPPED / "qianlianghu-2016", folder)
    for path in (folder / "cases").iterdir():
        if path.name != "calendar.toml":
            path.unlink()
    return folder
