"""Characters that a text must not have, by lists that no version of Python changes.

`unicodedata` learns characters with each version of Python, so a rule that asked it would find
an entry valid on one computer and damaged on the next. Code points are listed here instead, and
`unicodedata.ucd_3_2_0` is asked, which is the same in every version.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CONTROL = (
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Categories Cc, Cf, Zl and Zp, and what is reserved to be ignored (Unicode 16, §23.7)."""

_NEVER = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
"""Surrogates and noncharacters, which no text may contain (Unicode 16, §23.6 and §23.7)."""

_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"
"""Letters and symbols that show nothing: the rest of Default_Ignorable_Code_Point (Unicode 17), and
the blank of Braille."""

_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors: ignorable too, but they may belong to the character before them."""

_KEYCAP = "\u20e3"
"""The frame around a digit that is a key."""

# `re` compiles a pattern when it is first used: a command that only reads needs one of them.
_INVISIBLE = f"[{_CONTROL}{_NEVER}]"
_HIDDEN = f"[{_CONTROL}{_NEVER}{_FILLERS}{_SELECTORS}]"
_DISGUISE = f"[{_CONTROL}{_NEVER}{_FILLERS}{_SELECTORS}{_KEYCAP}]"
_UNSHOWN = f"[{_CONTROL}{_NEVER}{_FILLERS}]"
_SHOWN_ASCII = b"\n" + bytes(range(0x20, 0x7F))
_PRIVATE = "[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"

_ID_ASCII = re.compile(r"[A-Za-z0-9\-_./()]*")
_ID_MARKS = frozenset("-_./()〔〕（）")
_LETTERS = (
    "[\u02b9\u02ba\u02c6-\u02cf\u02ec\u2132\u214e\u2183\u2184\u2e2f\u312d-\u312f\u31b8-\u31bf]"
)
"""Letters to later versions of Unicode that were symbols, or in blocks of symbols, in 3.2."""
_SYMBOLS = ((0x2000, 0x2BFF), (0x2E00, 0x33FF), (0xFE00, 0xFFFF), (0x1F000, 0x1FBFF))
"""Blocks of punctuation and symbols."""
_BEYOND = 0x40000
"""The first code point after the planes of letters."""
_LATER_ZEROS = (
    *(0x07C0, 0x0BE6, 0x0DE6, 0x1090, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50),
    *(0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50),
    *(0xABF0, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450),
    *(0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0),
    *(0x16A60, 0x16AC0, 0x16B50, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0),
)
_DIGITS = {zero + digit: str(digit) for zero in _LATER_ZEROS for digit in range(10)}
"""Decimal digits of Unicode 14 that 3.2 does not have."""


def invisible(text: str) -> str | None:
    """Return the first control, invisible or impossible character of a text, or None."""
    found = re.search(_INVISIBLE, text)
    return None if found is None else found.group()


def hidden(text: str) -> str | None:
    """Return the first character of a name that shows nothing by itself, or None.

    Those of `invisible`, and the ignorable ones that ledgers took in before.
    """
    if text.isascii() and text.isprintable():
        return None
    found = re.search(_HIDDEN, text)
    return None if found is None else found.group()


def without_hidden(text: str) -> str:
    """Return a text without characters that show nothing, blanks excepted."""
    return re.sub(_HIDDEN, lambda found: " " if found.group().isspace() else "", text)


def private(text: str) -> str | None:
    """Return the first private-use character of a text, which each font shows its own way."""
    found = re.search(_PRIVATE, text)
    return None if found is None else found.group()


def code_point(character: str) -> str:
    """Return the number of a character as Unicode writes it: U+000D."""
    return f"U+{ord(character):04X}"


def is_id_text(text: str) -> bool:
    """Return whether a text has only letters, digits and the marks of a document number.

    A character that Unicode 3.2 does not have counts as a letter outside of blocks of symbols.
    """
    return _ID_ASCII.fullmatch(text) is not None or all(map(_is_id_character, text))


def _is_id_character(character: str) -> bool:
    if character in _ID_MARKS or re.match(_LETTERS, character):
        return True
    category = unicodedata.ucd_3_2_0.category(character)
    if category == "Cn":
        number = ord(character)
        symbol = any(first <= number <= last for first, last in _SYMBOLS)
        return number < _BEYOND and not (symbol or re.match(_INVISIBLE, character))
    return category.startswith("L") or category == "Nd"


def composed(text: str) -> str:
    """Return a text without full-width and composed characters (NFKC of Unicode 3.2)."""
    return unicodedata.ucd_3_2_0.normalize("NFKC", text)


def name_key(text: str) -> str:
    """Return what two names or case numbers that mean one thing share.

    Width, case, blanks, and a comma, stop or colon at the end make no difference.
    """
    bare = "".join((text if text.isascii() else composed(text)).split()).casefold()
    return bare.rstrip(".,;:!?、。") or bare


@lru_cache(20_000)
def compared(character: str, *, disguised: bool) -> str:
    """Return a character as personal numbers are searched in: half-width, digits as 0 to 9.

    Empty for one that cannot be seen.

    Args:
        character: the character.
        disguised: whether fillers, variation selectors and the frame of a key are not seen either.
    """
    return "".join(
        _compared(one, _DISGUISE if disguised else _INVISIBLE) for one in composed(character)
    )


def _compared(character: str, unseen: str) -> str:
    if re.match(unseen, character) and not character.isspace():
        return ""
    digit = unicodedata.ucd_3_2_0.decimal(character, None)
    return _DIGITS.get(ord(character), character) if digit is None else str(digit)


def visible(text: str) -> str:
    """Return a text whose control and invisible characters are replaced by a mark."""
    return re.sub(_UNSHOWN, "\N{REPLACEMENT CHARACTER}", text)


def visible_lines(text: str) -> str:
    """Return `visible` of each line of a text."""
    return "\n".join(map(visible, text.split("\n")))


def escaped(text: str) -> str:
    r"""Return a JSON text with control and invisible characters in strings as `\uNNNN`."""
    if text.isascii():  # JSON has escaped every control character but DEL, which cannot harm it
        return text
    # Most of the text is ASCII, and the whole search takes five times as long.
    others = text.encode("utf-8", "surrogatepass").translate(None, _SHOWN_ASCII)
    if re.search(_UNSHOWN, others.decode("utf-8", "surrogatepass")) is None:
        return text
    return re.sub(rf"(?!\n){_UNSHOWN}", _unit, text)


def _unit(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
