"""A fresh ledger for each test of corrections."""

from __future__ import annotations

import pytest

from tests.corrections.office import office as office_in


@pytest.fixture
def office(tmp_path):
    """An office on a fresh, empty ledger."""
    return office_in(tmp_path)
