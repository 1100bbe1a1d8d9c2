"""The page of a slip: its sizes in points, and how many lines are left for what it tells."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP, BOTTOM = 20, 18
"""Millimetres of the margins."""

SIZE, LINE = 12, 16
"""Of the type (小四), and from line to line."""

ROW = 15
"""From line to line in the table, whose type is 五号."""

TITLE_LINE, PROOF_LINE = 36, 12

_HEIGHT = (297 - TOP - BOTTOM) / 25.4 * 72
"""Of the text of a page of A4."""

_RULE = 1
"""Of the line between two rows of the table."""

AFTER_TABLE = 6
"""Before the first heading."""

_FIXED = 8
"""Lines of every slip: period, unit, four headings, signature and day."""

_LETTERS = 35
"""Chinese characters of a line: 156 mm have 36, but a line may not begin with a mark."""

_LATIN = 0.56
"""Width of a digit or a Latin letter, as a share of a Chinese character's, in a wide font."""

_PROOF_LETTERS = 57


def lines_of(texts: Sequence[str], letters: int = _LETTERS) -> int:
    """Return how many lines of the page paragraphs take, each with an indent of two characters."""
    return sum(-(-round(100 * (_width(one) + 2)) // (100 * letters)) for one in texts)


def _width(text: str) -> float:
    """Return the width of a text in Chinese characters."""
    return sum(1 if unicodedata.east_asian_width(one) in "WFA" else _LATIN for one in text)


def room(rows: int, told: Sequence[str], proof: str) -> int:
    """Return the lines that are left on the page.

    Args:
        rows: of the table, without its header.
        told: the paragraphs that every slip has: the total, and how to object.
        proof: the small line at the foot.
    """
    table = (rows + 1) * (ROW + _RULE)
    foot = PROOF_LINE * lines_of([proof], _PROOF_LETTERS)
    left = _HEIGHT - TITLE_LINE - table - AFTER_TABLE - foot
    return int(left // LINE) - _FIXED - lines_of(told)
