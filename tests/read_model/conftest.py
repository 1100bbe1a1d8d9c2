"""Ledgers that use a read model, however small they are."""

import pytest

import ledger.read_model
from tests.corrections.office import Office, office


@pytest.fixture(autouse=True)
def _every_ledger_is_large(monkeypatch):
    monkeypatch.setattr(ledger.read_model, "SMALL", 0)


@pytest.fixture
def at_work(tmp_path) -> Office:
    """Return an office with an empty ledger."""
    return office(tmp_path)
