"""The hash of the program's code, by which a result is known to be of the same program."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_PACKAGES = ("ledger", "projections")
_FOLDED = (".py", ".toml", ".txt")


@cache
def code_hash() -> str:
    """Return the SHA-256 of the sources that a fold depends on, in hexadecimal.

    Those are all of `ledger` and `projections`, measures that ship with the program included, by
    their paths.
    """
    root, found = Path(__file__).parents[2], hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in _FOLDED:
                content = path.read_bytes()
                name = path.relative_to(root).as_posix()
                found.update(f"{name} {len(content)}\n".encode())
                found.update(content)
    return found.hexdigest()
