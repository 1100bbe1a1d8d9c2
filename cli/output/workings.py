"""The words of a working beside its points: an amount that is the points is not said twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.decimals import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from projections.postings import Working

_AMOUNT = re.compile(r"\A-?(\d+(?:\.\d+)?)(?:: |：)")


def beside_points(working: Working, points: Decimal, translate: Callable[[Working], str]) -> str:
    """Return a working in words, without the lone amount that it begins with.

    `3: 34 people` of −3 points becomes `34 people`; `4 × 0.5: 7 people` stays as it is.

    Args:
        working: how the points were computed.
        points: what is shown beside it.
        translate: into the language of the reader.
    """
    text = translate(working)
    found = _AMOUNT.match(text)
    if found is None or found[1] != plain(abs(points)):
        return text
    return text[found.end() :]
