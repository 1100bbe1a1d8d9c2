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

_DAY = re.compile(r"(?<![0-9A-Za-z-])(\d{4})-(\d\d)-(\d\d)(?![0-9A-Za-z-])")
_MONTH = re.compile(r"(?<![0-9A-Za-z-])(\d{4})-(\d\d)(?![0-9A-Za-z-])")
"""Match days and months, but none that are part of an id."""

_BLANK = re.compile(r"(?<=[年月日]) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d{4}年)")
"""Blanks beside a day that was set off in a sentence."""


def numeral(number: int) -> str:
    """Return a number from 1 to 99 as in a heading: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def day_text(day: date) -> str:
    """Return a day as 2016年5月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def dated(text: str) -> str:
    """Return a text with days and months as an office writes them: 2016年3月5日."""
    text = _DAY.sub(lambda one: f"{one[1]}年{int(one[2])}月{int(one[3])}日", text)
    text = _MONTH.sub(lambda one: f"{one[1]}年{int(one[2])}月", text)
    return _BLANK.sub("", text)


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
