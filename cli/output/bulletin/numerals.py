"""Numbers, days and points as a Chinese notice writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.decimals import plain

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_TEN = 10


def chinese(number: int) -> str:
    """A number from 1 to 99 as headings have it: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def day(value: date) -> str:
    """2016年5月31日."""
    return f"{value.year}年{value.month}月{value.day}日"


def told(points: Decimal | str) -> str:
    """Points as the notice has them, with a minus that no line is broken after: 1.5, −2."""
    return (points if isinstance(points, str) else plain(points)).replace("-", "−")


def signed(points: Decimal) -> str:
    """Points with their sign: +1.5, −2, 0."""
    return f"+{told(points)}" if points > 0 else told(points)
