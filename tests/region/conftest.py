"""A PostgreSQL server for tests of regions."""

from tests.stores.conftest import server

__all__ = ["server"]
