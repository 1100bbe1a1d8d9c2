"""The files with which a new measure begins."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from projections.measure.checking_head import is_id
from projections.measure.files import MEASURE
from projections.measure.folder import read_measure

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent / "skeleton"
_ID = re.compile(r'(?m)^(\[measure\]\n(?:(?!\[).*\n)*?id\s*=\s*)"[^"\n]*"')


def skeleton() -> dict[str, str]:
    """Return the content of a commented skeleton; it is sound, and its worked case comes out."""
    return read_measure(_FOLDER)


def renamed(content: Mapping[str, str], name: str) -> dict[str, str] | None:
    """Return a content with another id of the measure; None if the name cannot be one.

    The comments of the files stay.
    """
    if not is_id(name) or _ID.search(content[MEASURE]) is None:
        return None
    text = _ID.sub(lambda found: f'{found[1]}"{name}"', content[MEASURE], count=1)
    return {**content, MEASURE: text}
