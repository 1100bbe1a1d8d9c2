"""Write numbers, days and points as a Chinese notice does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.decimals import plain

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_TEN = 10


def numeral(number: int) -> str:
    """Return a number from 1 to 99 as in a heading: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def day_text(day: date) -> str:
    """Return a day as 2016年5月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


_YEAR = re.compile(r"[（(\[［【]((?:19|20)\d\d)[)）\]］】]")


def number_text(number: str) -> str:
    """Return the number of a document with its year in 〔〕, U+3014 and 3015 (GB/T 9704, 7.2.5)."""
    return _YEAR.sub(r"〔\1〕", number)


def points_text(points: Decimal | str) -> str:
    """Return points with a minus sign (U+2212) that no line is broken after: 1.5, −2."""
    return (points if isinstance(points, str) else plain(points)).replace("-", "−")


def signed_points(points: Decimal) -> str:
    """Return points with their sign: +1.5, −2, 0."""
    return f"+{points_text(points)}" if points > 0 else points_text(points)
