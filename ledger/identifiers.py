"""Find direct identifiers of a person in a text: identity-card and mobile numbers.

The ledger holds headcounts and case numbers only (the contract: "No direct identifiers of a
person"). Before the search a text is normalised (NFKC), so that full-width digits are found, and
invisible characters are removed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ledger.characters import compared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SEPARATORS = r"[\s\-‐‑‒–—―−·._/]{0,3}"
_ELEVEN_DIGITS = re.compile(rf"(?:[0-9]{_SEPARATORS}+){{10}}[0-9]")
_GROUP = re.compile(r"[0-9]+")
_GAP = re.compile(_SEPARATORS)
_CHECK_X = re.compile(_SEPARATORS + "([Xx])")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")
_GROUPINGS = ((11,), (3, 4, 4), (3, 3, 5), (4, 3, 4))
_PREFIXES = (2, 4)
"""Lengths of the country code: 86, 0086."""

_MOBILE_SHAPES = frozenset(
    shape
    for first, *rest in _GROUPINGS
    for shape in (
        (first, *rest),
        *((prefix, first, *rest) for prefix in _PREFIXES),
        *((prefix + first, *rest) for prefix in _PREFIXES),
    )
)
_CARD_SHAPES = frozenset(
    {(6, 8, 4), (6, 8, 3), (6, 4, 4, 4), (6, 4, 4, 3), (6, 4, 2, 2, 4), (6, 4, 2, 2, 3)}
    | {(6, 6, 3), (6, 2, 2, 2, 3)}
)
"""Groups of an identity-card number: region, birth date, sequence number; X is no digit."""

_CARD, _OLD_CARD, _SHORTEST = 18, 15, 11
_EARLIEST, _LATEST = 1900, 2099
_PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)}
    | {*range(61, 66), 71, 81, 82}
)
"""Province codes, the first two digits of an identity-card number (GB/T 2260)."""

MASK = "***"
"""Replaces an identifier in a text."""


class _Candidate(NamedTuple):
    """Neighbouring groups of digits, joined into one number."""

    start: int
    end: int
    digits: str
    plausible: bool
    """Whether spaces alone separate the groups, or they are as long as those of an identifier."""


def _is_card(number: str) -> bool:
    """Return whether 18 characters are an identity-card number: date, check digit (GB 11643)."""
    from stdnum.cn import ric  # noqa: PLC0415 - only for texts with enough digits
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return bool(ric.calc_check_digit(number) == number[-1].upper())


def _looks_like_card(number: str) -> bool:
    """Return whether 18 characters have a valid province and birth date; any check digit."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return int(number[:2]) in _PROVINCES and _EARLIEST <= born.year <= _LATEST


def _is_old_card(number: str) -> bool:
    """Return whether 15 digits are a first-generation card number: province, birth in 19YY."""
    try:
        date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    except ValueError:
        return False
    return int(number[:2]) in _PROVINCES


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield each run of groups of digits between which there are only separators."""
    run: list[re.Match[str]] = []
    for group in _GROUP.finditer(text):
        if run and not _GAP.fullmatch(text, run[-1].end(), group.start()):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _candidates(text: str) -> Iterator[_Candidate]:
    """Yield each number of at most 18 characters that neighbouring groups can be joined into."""
    for run in _runs(text):
        for first in range(len(run)):
            digits = ""
            for last in range(first, len(run)):
                digits += run[last].group()
                if len(digits) > _CARD:
                    break
                start, end = run[first].start(), run[last].end()
                spaced = all(ch.isspace() or ch.isdigit() for ch in text[start:end])
                shape = tuple(len(group.group()) for group in run[first : last + 1])
                plausible = spaced or shape in _MOBILE_SHAPES or shape in _CARD_SHAPES
                yield _Candidate(start, end, digits, plausible)
                check = _CHECK_X.match(text, end) if len(digits) == _CARD - 1 else None
                if check is not None:
                    yield _Candidate(start, check.end(), f"{digits}X", plausible)


def _identifies(found: _Candidate) -> bool:
    """Return whether a candidate is an identity-card or mobile number."""
    if len(found.digits) == _CARD:
        # A mistyped card number still identifies the person, so the check digit may be wrong;
        # not in groups joined over dashes, as case numbers have them.
        return _is_card(found.digits) or (found.plausible and _looks_like_card(found.digits))
    if not found.plausible:
        # Shorter numbers have no check digit: joined over dashes, case numbers would match.
        return False
    if len(found.digits) == _OLD_CARD and _is_old_card(found.digits):
        return True
    return _MOBILE.fullmatch(found.digits) is not None


def _spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each identifier in a normalised text, in order."""
    if len(text) < _SHORTEST or _ELEVEN_DIGITS.search(text) is None:
        return []
    return sorted((one.start, one.end) for one in _candidates(text) if _identifies(one))


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Return the normalised text, and for each of its characters the index in the original."""
    if text.isascii():
        return text, range(len(text))
    folded, origins = list[str](), list[int]()
    for place, character in enumerate(text):
        for part in compared(character):
            folded.append(part)
            origins.append(place)
    return "".join(folded), origins


@lru_cache(4_096)
def holds_identifier(text: str) -> bool:
    """Return whether a text has an identity-card number (18 or 15 digits) or a mobile number."""
    return bool(_spans(_fold(text)[0]))


def redact(text: str) -> str:
    """Return the text with every identifier masked, so that it can be printed."""
    folded, origins = _fold(text)
    kept, done = [], 0
    for start, end in _spans(folded):
        first, last = origins[start], origins[end - 1] + 1
        if first >= done:
            kept.append(text[done:first] + MASK)
        done = max(done, last)
    return "".join(kept) + text[done:]
