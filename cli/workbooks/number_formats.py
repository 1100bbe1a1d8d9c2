"""Judge whether a cell's number format shows the value that the cell holds."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    49: "@",
    **dict.fromkeys((5, 6), '"¥"#,##0;"¥"\\-#,##0'),
    **dict.fromkeys((7, 8), '"¥"#,##0.00;"¥"\\-#,##0.00'),
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    48: "##0.0E+0",
    **dict.fromkeys((37, 38), "#,##0_);(#,##0)"),
    **dict.fromkeys((39, 40), "#,##0.00_);(#,##0.00)"),
    **dict.fromkeys((41, 42), '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ '),
    **dict.fromkeys((43, 44), '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '),
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    22: "yyyy/m/d h:mm",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: 'h"时"mm"分"',
    35: 'h"时"mm"分"ss"秒"',
    55: 'h"时"mm"分"',
    56: 'h"时"mm"分"ss"秒"',
}
"""Codes by number, as Excel in Chinese shows them (ECMA-376, 18.8.30); other numbers: General."""

_TOKEN = re.compile(r'"([^"]*)"?|\\(.)|_.|\*(.)|\[([^\]]*)\]|(.)', re.DOTALL)
_COLOUR = re.compile(
    r"(black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+)", re.IGNORECASE
)
_LOCALE = re.compile(r"\$([^-\]]*)(?:-([0-9a-fA-F]*))?")
_GREGORIAN = frozenset({0, 1})
_GENERAL = frozenset({"general", "g/通用格式"})
_AS_IT_IS = _GENERAL | {"@"}
_DIGITS = re.compile(r"[(+-]?([#0?]*,)*[#0?]+(?:\.([#0?]*))?\)?")
_LONGEST = 11
"""Characters of a number in the format General; a longer one is rounded or shown with an E."""

_HARMLESS = re.compile(r"\s*[¥￥$]?\s*(人次?|批次?|分钟?|[件次名元个户起份条项位])?\s*")
"""Literals that leave a number as it is: a currency, or a word of what is counted."""

_OF_DATES = re.compile(r"[年月日号时点分秒星期周T\s,，.、/:：()（）-]*")
"""Literals that may separate the parts of a date or time."""

_ERA = re.compile(r"[eg]", re.IGNORECASE)
_OTHER_ERAS = frozenset({0x404, 0x411, 0x412})
"""Languages whose years are counted from another era where a format has `e` or `g`."""

_HALVES = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)
_PARTS = re.compile(r"(?P<y>y+|e+)|(?P<d>d+)|(?P<h>h+)|(?P<s>s+)|(?P<m>m+)")


class _Section(NamedTuple):
    """One of the sections of a format, for positive numbers, negative ones, zero or text."""

    core: str
    """Placeholders and letters, in lower case."""
    literals: str
    """Literals that the format adds to the digits, joined in their order."""
    special: tuple[str, ...]
    """Contents of brackets other than colours and locales, and of other calendars."""


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    found = []
    core, literals, special = "", "", list[str]()
    for quoted, escaped, fill, bracket, plain in _TOKEN.findall(code):
        if plain == ";":
            found.append(_Section(core.lower(), literals, tuple(special)))
            core, literals, special = "", "", []
        elif bracket:
            locale = _LOCALE.fullmatch(bracket)
            if locale is not None:
                literals += locale[1]
                number = int(locale[2] or "0", 16)
                has_era = number & 0xFFFF in _OTHER_ERAS and _ERA.search(code)
                is_usual = number >> 16 & 0xFF in _GREGORIAN and not has_era
                special += [] if is_usual else [bracket]
            elif not _COLOUR.fullmatch(bracket):
                special.append(bracket.lower())
        elif plain:
            # `-`, `(` and `)` need no quotes: as escaped ones they are signs.
            core += plain
        elif escaped and escaped in "-()":
            core += escaped
        else:
            literals += quoted or escaped or fill
    found.append(_Section(core.lower(), literals, tuple(special)))
    conditions = [one for part in found for one in part.special if one.startswith(("<", ">", "="))]
    # A condition decides about the other sections too, and whether they show a minus sign.
    return tuple(
        one._replace(special=(*one.special, *conditions)) if conditions else one for one in found
    )


def _of_number(code: str, number: float) -> _Section:
    """Return the section by which a number is shown."""
    sections = _sections(code)
    numeric = [one for one in sections[:3] if "@" not in one.core] or [sections[0]]
    if number < 0 and len(numeric) > 1:
        return numeric[1]
    return numeric[-1] if number == 0 and len(numeric) > 2 else numeric[0]  # noqa: PLR2004


def shows_text(code: str) -> bool:
    """Return whether text is shown as it is."""
    sections = _sections(code)
    last = sections[-1]
    if "@" not in last.core:
        return len(sections) < 4  # noqa: PLR2004 - the fourth is that of texts
    return last.core.strip() == "@" and not last.literals.strip()


def shows_plain_number(code: str, number: float) -> bool:
    """Return whether a number is shown as the digits by which it is recorded."""
    section, shown = _of_number(code, number), format(number, ".15g")
    core = section.core.strip()
    if section.literals.strip() or section.special:
        return False
    if core in _AS_IT_IS:
        return len(shown) <= _LONGEST and "e" not in shown
    signed = {"-0", "(0)"} if number < 0 and len(_sections(code)) > 1 else {"0"}
    return core in signed and number == int(number)


def shows_value(code: str, number: float) -> bool:
    """Return whether what is shown of a number has its value: 5 as `5.0`, `5 人` or `1,005`."""
    if code == GENERAL:
        return True
    section = _of_number(code, number)
    core = section.core.strip().replace(" ", "")
    if section.special or not _HARMLESS.fullmatch(section.literals):
        return False
    if core in _AS_IT_IS:
        return True
    digits = _DIGITS.fullmatch(core)
    if digits is None or (number < 0 and len(_sections(code)) > 1 and core[0] not in "(-"):
        return False
    if number > 0 and core[0] in "(-":
        return False
    exact = Decimal(format(number, ".15g"))
    return round(exact, len(digits[2] or "")) == exact


@lru_cache(maxsize=1024)
def shown_parts(code: str) -> str:
    """Return the parts of a time that a format shows, of `yMdhms` (M month, m minute)."""
    section = _of_number(code, 1)
    if any(one.startswith(("$", "~")) for one in section.special):
        return ""  # another calendar
    if not _OF_DATES.fullmatch(section.literals):
        return ""  # what is shown besides may change the date
    core = _HALVES.sub("", section.core)
    found, before = "", ""
    for part in _PARTS.finditer(core):
        letter = part.lastgroup or ""
        if letter == "d" and len(part[0]) > 2:  # noqa: PLR2004 - the day of the week
            continue
        if letter == "m":
            after = _PARTS.search(core, part.end())
            is_minute = before == "h" or (after is not None and after.lastgroup == "s")
            letter = "m" if is_minute else "M"
        found, before = found + letter, letter
    return found
