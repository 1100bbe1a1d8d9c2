"""Small ledgers with keys and checkpoints, and a PostgreSQL server if there is one."""

import pytest

from tests.integrity.towns import Town
from tests.stores.conftest import postgres_url, schema, server

__all__ = ["postgres_url", "schema", "server"]


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch, tmp_path):
    monkeypatch.delenv("TALLY_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def town(tmp_path):
    return Town.build(tmp_path / "town.db")


@pytest.fixture(scope="module")
def shared_town(tmp_path_factory):
    """A town that tests only read or copy."""
    return Town.build(tmp_path_factory.mktemp("town") / "town.db")
