"""Finding direct identifiers of a person in a text: identity cards and mobile numbers.

The ledger holds headcounts and case numbers, never a person (the contract: "No direct
identifiers of a person"). A text is folded by NFKC first, so that full-width digits are seen.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_DIGIT_GROUP = re.compile(r"\d+[Xx]?")
_SPACED_RUN = re.compile(r"\d+[Xx]?(?:[\s\-–—−·._/]{1,3}\d+[Xx]?)*")
_ANY_ELEVEN = re.compile(r"(?:\d[^\d]{0,3}){10}\d")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")
_MOBILE_LENGTHS = frozenset({11, 13, 15})
_MOBILE_GROUPS = frozenset({(3, 4, 4), (2, 3, 4, 4), (4, 3, 4), (3, 3, 5), (2, 11)})
_CARD_LENGTHS = frozenset({15, 18})
_LONGEST = 18


def _is_card(number: str) -> bool:
    """Whether the digits are an identity card's: GB 11643 (18, with check digit) or its 15."""
    if len(number) not in _CARD_LENGTHS or not number[:-1].isdigit():
        return False
    from stdnum.cn import ric  # noqa: PLC0415 - read only when a text has digits enough
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    try:
        if len(number) == 15:  # noqa: PLR2004 - first-generation card: two-digit year, no check
            if not number.isdigit():
                return False
            body = f"{number[:6]}19{number[6:]}"
            ric.get_birth_date(body + "0")
            ric.get_birth_place(body + "0")
            return True
        ric.get_birth_date(number)
        return bool(ric.calc_check_digit(number[:-1]) == number[-1].upper())
    except ValidationError:
        return False


def _windows(run: str) -> list[tuple[int, int, str, bool]]:
    """Neighbouring digit groups of a run, joined: (start, end, digits, looks like a number)."""
    groups = list(_DIGIT_GROUP.finditer(run))
    found = []
    for first in range(len(groups)):
        joined = accumulate(group.group() for group in groups[first:])
        for last, digits in enumerate(joined, start=first):
            if len(digits) > _LONGEST:
                break
            between = run[groups[first].end() : groups[last].start()]
            spaced = all(ch.isspace() or ch.isdigit() for ch in between)
            shape = tuple(len(group.group()) for group in groups[first : last + 1])
            plausible = first == last or spaced or shape in _MOBILE_GROUPS
            found.append((groups[first].start(), groups[last].end(), digits, plausible))
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    spans = []
    for run in _SPACED_RUN.finditer(text):
        for start, end, digits, plausible in _windows(run.group()):
            mobile = (
                plausible
                and len(digits) in _MOBILE_LENGTHS
                and _MOBILE.fullmatch(digits) is not None
            )
            # Fifteen digits bear no check digit: joined over dashes they would hit case numbers.
            card = (plausible or len(digits) == _LONGEST) and _is_card(digits)
            if mobile or card:
                spans.append((run.start() + start, run.start() + end))
    return spans


def _fold(text: str) -> str:
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def holds_identifier(text: str) -> bool:
    """Whether a text has an identity-card number (18 or 15 digits) or a mobile number in it."""
    folded = _fold(text)
    return _ANY_ELEVEN.search(folded) is not None and bool(_spans(folded))


def redact(text: str) -> str:
    """The text with every identifier masked, safe to be printed back."""
    folded = _fold(text)
    if _ANY_ELEVEN.search(folded) is None:
        return text
    spans = sorted(_spans(folded))
    if not spans:
        return text
    kept, done = [], 0
    for start, end in spans:
        if end > done:
            kept.append(folded[done:start] + "***" if start >= done else "")
            done = end
    return "".join(kept) + folded[done:]
