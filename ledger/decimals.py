"""Decimals as text, and rounded quotients."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext


def plain(value: Decimal) -> str:
    """Return a decimal without exponent or trailing zeros: 15.25, 5, 0, -1.4."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def quotient(numerator: Decimal, denominator: Decimal | int, places: int) -> Decimal:
    """Return a quotient, rounded half up to so many decimal places."""
    with localcontext(prec=60):
        return (numerator / denominator).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
