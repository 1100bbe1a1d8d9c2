"""Format points and signs as pages show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.decimals import plain

if TYPE_CHECKING:
    from decimal import Decimal

_MINUS = re.compile(r"(?<![\w.-])-(?= ?\d)")
_NEGATIVE = re.compile(r"\A-(?=\d+(\.\d+)?$)")


def points_text(points: Decimal) -> str:
    """Return points without trailing zeros and with a true minus: −1.4, 20, 0."""
    return plain(points).replace("-", "−")


def true_minus(text: str) -> str:
    """Return a text with a true minus if it is a negative number, else unchanged."""
    return _NEGATIVE.sub("−", text)


def true_minuses(text: str) -> str:
    """Return a text with true minuses before numbers: 2 × −1.5, 3 − 0.5; in ids and dates none."""
    return _MINUS.sub("−", text)


def signed_points(points: Decimal) -> str:
    """Return points with their sign: −1.4, +3, 0."""
    return points_text(points) if points <= 0 else f"+{points_text(points)}"


def sign_class(points: Decimal) -> str:
    """Return the CSS class for the sign of points: `minus`, `plus` or `nought`."""
    return "minus" if points < 0 else "plus" if points > 0 else "nought"
