"""Resolve the argument of a `measure` command: an id, a folder, or an adopted year."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_YEAR = re.compile(r"\d{4}", re.ASCII)


def content_of(named: str, url: str) -> Mapping[str, str]:
    """Return the content of a measure: of the program, of a folder, or adopted for a year.

    Args:
        named: an id, a folder, or a year.
        url: the ledger that adopted it for the year.

    Raises:
        TallyError: there is none.
    """
    from projections.measure import read_measure  # noqa: PLC0415 - not for --help

    if _YEAR.fullmatch(named) is None or Path(named).exists():
        return read_measure(named)
    from cli.session import session  # noqa: PLC0415

    with session(url) as opened:
        return opened.loader.measure(opened.adopted(), int(named)).measure.content
