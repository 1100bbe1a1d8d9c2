"""Read the numbers that a Chinese quotation states: points, per cent, multiples."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_DIGITS = {
    **{sign: value for value, sign in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "伍": 5,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_SIGNS = "".join([*_DIGITS, *_UNITS])

NUMBER = rf"(?:\d[\d,，]*(?:\.\d+)?|[{_SIGNS}]+)"
"""A number in figures or in Chinese, for a regular expression."""

_POINTS = re.compile(rf"({NUMBER})\s*(?:个)?(万)?\s*(?:分|元)(半)?")
_LISTED = re.compile(rf"((?:{NUMBER}\s*[、和]\s*)+)(?={NUMBER}\s*个?\s*(?:分|元))")
_HALF_A_POINT = re.compile(r"半分")
_PERCENT = re.compile(rf"({NUMBER})\s*[%％]|百分之([{_SIGNS}]+)")
_MULTIPLE = re.compile(rf"({NUMBER})\s*倍")
_ANY = re.compile(NUMBER)
_NAMES = re.compile(rf"[第前后末]\s*{NUMBER}|{NUMBER}\s*(?:[类组档等级季年号]|月(?:{NUMBER}日)?)")
"""Matches numbers that name a class, a place or a day: 一类, 前三名, 6月1日."""
_HALF = re.compile(r"减半|折半|一半|半数|半扣|扣半|计半")
_DOUBLE = re.compile(r"加倍|翻倍|双倍")
_LOST = re.compile(r"不(?:再)?(?:计|得|给|予|记)|零分")
_BOUNDS = re.compile(rf"{NUMBER}[^，。；、\s]{{0,3}}以[上下]")
_NONE = re.compile(r"不(?:再)?(?:扣|计|得|给|予|记|奖)|免(?:扣|予|除)|零分|全免")


class Quoted(NamedTuple):
    """The numbers of a quotation."""

    points: frozenset[Decimal]
    """Those of points or money."""
    percents: frozenset[Decimal]
    factors: frozenset[Decimal]
    """Factors that per cents, multiples and halves may mean."""
    numbers: frozenset[Decimal]
    """Every number, but those that name a class, a place or a day."""
    others: frozenset[Decimal]
    """Those of `numbers` that are neither per cents nor bounds (3次以上)."""


def value_of(text: str) -> Decimal:
    """Return the value of a number in figures or in Chinese: 1,000, 十二, 一百零五."""
    text = text.replace(",", "").replace("，", "")
    if text[0].isascii():
        return Decimal(text)
    if not any(sign in _UNITS for sign in text):
        return Decimal("".join(str(_DIGITS[sign]) for sign in text))
    total = part = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign == "万":
            total, part, digit = (total + part + digit) * _UNITS[sign], 0, 0
        else:
            part, digit = part + (digit or 1) * _UNITS[sign], 0
    return Decimal(total + part + digit)


def quoted(text: str) -> Quoted:
    """Return the numbers of a quotation."""
    points = {_points(one) for one in _POINTS.finditer(text)}
    for listed in _LISTED.finditer(text):
        # 5、3、2分: all of them are points.
        points |= {value_of(one[0]) for one in _ANY.finditer(listed[1])}
    percents = {value_of(one[1] or one[2]) for one in _PERCENT.finditer(text)}
    factors = set[Decimal]()
    for percent in percents:
        part = percent / 100
        factors |= {part, 1 + part, 1 - part}
    for one in _MULTIPLE.finditer(text):
        factors |= {value_of(one[1]), 1 + value_of(one[1])}
    if _HALF.search(text):
        factors |= {Decimal("0.5")}
    if _HALF_A_POINT.search(text):
        points |= {Decimal("0.5")}
    if _DOUBLE.search(text):
        factors |= {Decimal(2)}
    if _NONE.search(text):
        points |= {Decimal(0)}
        factors |= {Decimal(0)}
    counted = _NAMES.sub(" ", text)
    numbers = {value_of(one[0]) for one in _ANY.finditer(counted)}
    stated = _BOUNDS.sub(" ", _PERCENT.sub(" ", counted))
    others = {value_of(one[0]) for one in _ANY.finditer(stated)}
    return Quoted(*map(frozenset, (points, percents, factors, numbers, others)))


def loses_all(text: str) -> bool:
    """Return whether a text says that nothing is got: that may be stated as what is taken."""
    return _LOST.search(text) is not None


def _points(found: re.Match[str]) -> Decimal:
    value = value_of(found[1]) * (10000 if found[2] else 1)
    return value + Decimal("0.5") if found[3] else value
