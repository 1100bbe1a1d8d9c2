"""Golden files: expected output that tests compare word for word."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def assert_golden(path: Path, text: str) -> None:
    """Compare a text with a golden file; UPDATE_GOLDEN=1 writes the file first."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"{path} is missing; write it with UPDATE_GOLDEN=1"
    assert text == path.read_text(encoding="utf-8")
