"""The words that a cell may hold beside the contract's own: the one table of them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

WORDS: dict[str, tuple[str, ...]] = {
    "village": ("村",),
    "farm": ("场",),
    "community": ("社区",),
    "national": ("国家", "进京", "国家级", "全国", "北京"),
    "province": ("省", "省级", "全省", "赴省", "省级以上"),
    "city": ("市", "市级", "全市", "到市"),
    "district": ("区", "区级", "全区", "到区"),
    "town": ("镇", "镇级", "到镇"),
    "early_warning": ("预警", "预警类"),
    "urgent": ("紧急", "紧急重大", "紧急类"),
    "ahead": ("提前", "提前到达"),
    "prompt": ("及时", "及时到达", "同步", "同步到达"),
    "late": ("延迟", "延迟到达"),
    "absent": ("无", "未到", "一直没有"),
    "joint_conference": ("联席会议", "区联席会议", "区维稳办", "区联席会议和区维稳办"),
}
"""By value: the Chinese words for it, the first being the one that a template offers."""

YES, NO = "是", "否"

FLAGS: dict[str, bool] = {
    **dict.fromkeys((YES, "√", "✓", "true", "yes", "y"), True),
    **dict.fromkeys((NO, "×", "false", "no", "n"), False),
}

NOTHING = "无"
"""In a column of lists: a list with nothing in it."""

EXAMPLE = "示例："
"""Opens the number of a template's example row, which is passed over. No entry's number may
hold a colon, so that no entry can be taken for one."""

SEPARATORS = "、，,；;\n"
"""Between the items of a list."""

ASIDE = frozenset({"说明", "选项", "错误"})
"""Sheets for people and for drop-down lists, which hold no entries."""

_HALF: dict[int, str | None] = {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))
}
_HALF |= {code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)}
_HALF |= {ord(wide): narrow for wide, narrow in zip("－．／＿：　", "-./_: ", strict=True)}
_HALF |= dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
"""Characters of no width come along from web pages, and nobody sees that they are there."""


def half_width(text: str) -> str:
    """Full-width digits, letters and `－．／＿：` as half-width ones, what has no width gone."""
    return text if text.isascii() else text.translate(_HALF)


def shown(value: str) -> str:
    """The word that a template and a printed sheet have for a value."""
    return WORDS[value][0] if value in WORDS else value


@lru_cache(maxsize=1024)
def meant(word: str, choices: tuple[str, ...]) -> str | None:
    """Which of the choices a word means; None for none of them."""
    if word in choices:
        return word
    return next((value for value in choices if word in WORDS.get(value, ())), None)


def folded(text: str) -> str:
    """A header or a sheet's name without what people vary: width, case, spaces, `_`, `-`, `*`."""
    kept = unicodedata.normalize("NFKC", half_width(text)).casefold()
    kept = kept.replace("(必填)", "").replace("(可空)", "")
    return "".join(ch for ch in kept if not ch.isspace() and ch not in "_-*")
