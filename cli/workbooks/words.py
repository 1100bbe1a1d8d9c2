"""Spellings of cells and headers: words for values, full width, separators."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cli.language.vocabulary import WORDS

SPELLINGS: dict[str, tuple[str, ...]] = {
    "outside": ("镇外",),
    "national": ("进京", "国家级", "全国", "北京"),
    "province": ("省级", "全省", "赴省", "省级以上"),
    "city": ("市级", "全市", "到市"),
    "district": ("区级", "全区", "到区"),
    "town": ("镇级", "到镇"),
    "early_warning": ("预警类",),
    "urgent": ("紧急重大", "紧急类"),
    "ahead": ("提前到达",),
    "with": ("同步到达",),
    "prompt": ("及时到达", "通知后及时赶到"),
    "late": ("延迟到达", "延迟赶到"),
    "absent": ("未到", "一直没有"),
    "joint_conference": ("联席会议", "区维稳办", "区联席会议和区维稳办"),
}
"""By coded value: words that a cell may hold besides that of the vocabulary."""

YES, NO = WORDS["true"], WORDS["false"]

FLAGS: dict[str, bool] = {
    **dict.fromkeys((YES, "√", "✓", "true", "yes", "y"), True),
    **dict.fromkeys((NO, "×", "false", "no", "n"), False),
}

NOTHING = WORDS["none"]
"""An empty list in a column of lists."""

EXAMPLE = "示例："
"""Prefix of the number of a template's example row, which an import skips. The number of an entry
cannot hold a colon, so an entry is never mistaken for an example."""

SEPARATORS = "、，,；;\n"
"""Characters between the items of a list."""

_LEVEL = "级"

_SPLIT = re.compile(f"[{SEPARATORS}]")

IGNORED_SHEETS = frozenset({"说明", "选项", "错误"})
"""Instructions, drop-down lists and messages: sheets without entries."""

ROUNDED = r"[+-]?\d(?:\.\d+)?[Ee][+-]\d{2,3}"
TOO_WIDE = r"#{2,}"
ERROR = r"#(?:N/A|GETTING_DATA|[A-Z0-9/]{2,}[!?])|(?:Err|错误)[:：]\d{3}"
FORMULA = r"=.*"
"""Patterns of what Excel shows, and saves as CSV, in place of what a cell holds."""

_HALF: dict[int, str | None] = {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))
}
_HALF |= {code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)}
_HALF |= {ord(wide): narrow for wide, narrow in zip("－．／＿：　", "-./_: ", strict=True)}
_HALF |= dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F), " ")
"""Blanks that look like the usual one, as no-break spaces from web pages and Word."""

_HALF |= dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
"""Zero-width characters, which come unseen with text copied from web pages, are removed."""


def items(text: str) -> list[str]:
    """Return the items of a list that is written as one text."""
    return [*filter(None, map(str.strip, _SPLIT.split(text)))]


def half_width(text: str) -> str:
    """Return a text in half width, without zero-width characters."""
    return text if text.isascii() else text.translate(_HALF)


@lru_cache(maxsize=1024)
def meant(
    word: str,
    choices: tuple[str, ...],
    own: tuple[tuple[str, str], ...] = (),
    english: tuple[tuple[str, str], ...] = (),
) -> str | None:
    """Return the choice that a word means, or None.

    A level may be written with or without 级: 县 or 县级, if one choice alone has such a word.

    Args:
        word: as a person wrote it.
        choices: the coded values.
        own: the Chinese of choices that the measure has its own words for.
        english: their English.
    """
    titles = dict(own)
    for value in choices:
        if word == titles.get(value):
            return value
    for value in choices:
        if word in (value, WORDS.get(value)) or word in SPELLINGS.get(value, ()):
            return value
    for value, title in english:
        if word.casefold() == title.casefold():
            return value
    short = word.removesuffix(_LEVEL)
    found = [one for one, title in own if title.removesuffix(_LEVEL) == short]
    return found[0] if len(found) == 1 else None


def code_of(word: str) -> str:
    """Return the code of a word of the vocabulary, else the word itself."""
    plain = half_width(word).strip()
    return next((code for code, known in WORDS.items() if known == plain), plain)


def folded(text: str) -> str:
    """Return a header or sheet's name without width, case, spaces, `_`, `-`, `*`."""
    kept = unicodedata.normalize("NFKC", half_width(text)).casefold()
    kept = kept.replace("(必填)", "").replace("(可空)", "")
    return "".join(ch for ch in kept if not ch.isspace() and ch not in "_-*")
