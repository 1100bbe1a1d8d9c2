"""Fit a table on A4 in legible type: widths of columns, upright or on its side, heights of rows."""

from __future__ import annotations

import re
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.language.folding import width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TYPE, SCALE = 11, 87
"""Points of the type of cells, and the percentage that paper shrinks it to at most: 9.5 points."""

LINE, _MOST_HEIGHT = 15, 409
"""Points of a row of one line, and of a row (a limit of Excel)."""

_WRAPPED_LINE = 16
"""Points of each line of several: a font that stands in for 宋体 may be higher."""

_UPRIGHT, _LYING = 101, 147
"""Characters of the columns of a page at `SCALE`, with margins of 10 mm; each is 8 pixels wide."""

_PADDING = 0.625
"""Characters that a column is wider than its text: 5 pixels."""

_TURNED = 1.25
"""How much wider than an upright page a table without long texts may be, to be wrapped there."""

LONG, _TEXT, _DAY, _MOMENT = 60, 24, 14, 20
"""Characters of a column of long texts and of texts at most; of a day and of a time."""

_LETTERS = 1.06
"""Letters, of which 汉字 are two, in the width of a digit: 汉 is 15 pixels wide in 宋体."""

_NAME = 12
"""Characters of a text that is not wrapped."""

_WORD = re.compile("[!-~]+")
"""Matches what is not to be broken: an id, a number, a time."""


class Layout(NamedTuple):
    """How a table is laid out on A4."""

    widths: list[float]
    """Of the columns, in characters."""
    lying: bool
    """Whether the page lies on its side."""
    split: bool = False
    """Whether the columns do not fit on one page: they go on on further ones."""


def laid_out(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    wide: Mapping[int, int] = MappingProxyType({}),
) -> Layout:
    """Return the layout of a table.

    Args:
        header: titles of the columns.
        rows: the cells.
        wide: by column (from 0) of longer texts, its characters at most.
    """
    needed = [_header_width(text) for text in header]
    widths = list(needed)
    for row in rows:
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, str):
                most = wide.get(column, _TEXT)
                width = max(map(width_of, value.split("\n"))) if "\n" in value else width_of(value)
                widths[column] = max(widths[column], min(width, most))
                if width >= needed[column]:
                    least = width if width <= _NAME else min(_longest_word(value), _TEXT)
                    needed[column] = max(needed[column], least)
            else:
                widths[column] = needed[column] = max(needed[column], _width(value) + 1)
    return fitted(widths, needed, may_turn=not wide)


def fitted(widths: Sequence[float], needed: Sequence[float], *, may_turn: bool = False) -> Layout:
    """Return the layout of columns, of which the widest are wrapped first where there is no room.

    Args:
        widths: wanted, in characters.
        needed: the least ones.
        may_turn: whether to wrap what is a little too wide for an upright page.
    """
    total = _total(widths)
    if total <= _UPRIGHT or (may_turn and total <= _UPRIGHT * _TURNED):
        upright = _shrunk(widths, needed, _UPRIGHT)
        if upright is not None:
            return Layout(upright, lying=False)
    lying = _shrunk(widths, needed, _LYING)
    return Layout(list(widths), lying=True, split=True) if lying is None else Layout(lying, True)


def _total(widths: Iterable[float]) -> float:
    return sum(width + _PADDING for width in widths)


def _shrunk(widths: Sequence[float], needed: Sequence[float], most: float) -> list[float] | None:
    """Return widths that are together no more than `most`, None where they cannot be."""
    found = list(widths)
    while _total(found) > most:
        spare = [one - need >= 1 for one, need in zip(found, needed, strict=True)]
        if not any(spare):
            return None
        widest = max(one for one, has_room in zip(found, spare, strict=True) if has_room)
        found[next(at for at, one in enumerate(found) if spare[at] and one == widest)] -= 1
    return found


def _header_width(text: str) -> float:
    """Return the characters of a header that may be broken into two lines: 年度 and 得分."""
    width = width_of(text)
    short = 6
    return (width if width <= short else max(-(-width // 4) * 2, short)) + 1


def _longest_word(text: str) -> int:
    return max((len(one) for one in _WORD.findall(text)), default=0)


def _width(value: Any) -> int:
    if isinstance(value, datetime):
        return _MOMENT
    return _DAY if isinstance(value, date) else len(str(value))


def packed(ids: Iterable[str], most: int = _TEXT) -> str:
    """Return ids in lines of so many characters, so that none is broken."""
    lines = [""]
    for one in ids:
        joined = f"{lines[-1]}、{one}" if lines[-1] else one
        if width_of(joined) <= most:
            lines[-1] = joined
        else:
            lines.append(one)
    return "\n".join(filter(None, lines))


def height(row: Sequence[Any], widths: Sequence[float]) -> float:
    """Return the points of a row whose texts are wrapped.

    Programs that open a workbook find the height of a row themselves, or not, as LibreOffice.
    """
    lines = max(
        (_lines(value, widths[at]) for at, value in enumerate(row) if isinstance(value, str)),
        default=1,
    )
    return LINE if lines == 1 else min(lines * _WRAPPED_LINE, _MOST_HEIGHT)


def _lines(text: str, width: float) -> int:
    """Return the lines of a text in a column; of wrapped ones, a character may stay empty."""
    room = int(width * _LETTERS)
    return sum(
        1 if (own := width_of(part)) <= room else -(-own // max(room - 1, 1))
        for part in text.split("\n")
    )
