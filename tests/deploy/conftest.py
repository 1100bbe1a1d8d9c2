"""The files of `deploy/`, and a PostgreSQL server if there is one."""

from pathlib import Path

from tests.stores.conftest import server

__all__ = ["DEPLOY", "ROOT", "server"]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
