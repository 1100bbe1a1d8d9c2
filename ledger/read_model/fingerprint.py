"""Which code and which rulebook made a read_model: one that others made is not used."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("ledger", "projections")
_SUFFIXES = {".py", ".toml"}


@cache
def fingerprint() -> str:
    """Return the hash of every file of code and rules that the read model depends on."""
    found = hashlib.sha256()
    for package in _PACKAGES:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*")):
            if path.suffix in _SUFFIXES:
                found.update(path.relative_to(root).as_posix().encode())
                found.update(path.read_bytes())
    return found.hexdigest()
