"""How long, how many and how much what an entry says may be, and a decimal as text."""

from __future__ import annotations

from decimal import Decimal

ID_LENGTH = 64
NOTE_LENGTH = 200
NAME_LENGTH = 100
TEXT_LENGTH = 500
MOST_PEOPLE = 1_000_000
MOST_MINUTES = 1_000_000
MOST_CASES = 100_000
MOST_IN_A_LIST = 10_000
FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_POINTS = Decimal(1000)


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros: 15.25, 5, 0, -1.4."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
