"""Ledgers that use a read model, however small they are."""

import pytest

import ledger.read_model
from cli.sample import sample_year
from tests.corrections.office import Office, office


@pytest.fixture(autouse=True)
def _every_ledger_is_large(monkeypatch):
    monkeypatch.setattr(ledger.read_model, "SMALL", 0)


@pytest.fixture(scope="session")
def recorded_year(tmp_path_factory) -> Office:
    """Return an office with the sample year, to be copied."""
    recorded = office(tmp_path_factory.mktemp("year"))
    recorded.at("2016-11-30T17:00", *sample_year())
    return recorded


@pytest.fixture
def sample(tmp_path, recorded_year) -> Office:
    """Return an office with the sample year."""
    return recorded_year.copy(tmp_path)


@pytest.fixture
def at_work(tmp_path) -> Office:
    """Return an office with an empty ledger."""
    return office(tmp_path)
