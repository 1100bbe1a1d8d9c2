"""Decimals as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def plain(value: Decimal) -> str:
    """Return a decimal without exponent or trailing zeros: 15.25, 5, 0, -1.4."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
