"""A PostgreSQL server for tests of regions, and three small ledgers that tests only read."""

from __future__ import annotations

import pytest

from tests.region.three_towns import dearer_town, three_towns
from tests.stores.conftest import server

__all__ = ["server"]


@pytest.fixture(scope="session")
def towns(tmp_path_factory):
    """Return `tally` on three small towns, by code; tests only read them."""
    return three_towns(tmp_path_factory.mktemp("region"))


@pytest.fixture(scope="session")
def draft(tmp_path_factory):
    """Return the folder of a draft that takes 2 points for three people to the town."""
    return dearer_town(tmp_path_factory.mktemp("draft"))
