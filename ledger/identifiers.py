"""Find direct identifiers of a person in a text: identity-card and mobile numbers.

The ledger holds headcounts and case numbers only (the contract: "No direct identifiers of a
person"). Before the search a text is normalised (NFKC), so that full-width digits are found, and
invisible characters are removed.

What arrives is searched for disguised numbers too (`_disguised`), and for other numbers and
addresses (`ledger.addresses`); what is stored, by the plain notation alone, as it was recorded.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from ledger.characters import compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SEPARATORS = r"[\s\-‐‑‒–—―−·._/]{0,3}+"
_DIGIT, _GROUP = re.compile("[0-9]"), re.compile("[0-9]+")
_FEWEST = 10
_GROUPINGS = ((11,), (3, 4, 4), (3, 3, 5), (4, 3, 4))
_CARD_SHAPES = frozenset(
    {(6, 8, 4), (6, 8, 3), (6, 4, 4, 4), (6, 4, 4, 3), (6, 4, 2, 2, 4), (6, 4, 2, 2, 3)}
    | {(6, 6, 3), (6, 2, 2, 2, 3)}
)
"""Groups of an identity-card number: region, birth date, sequence number; X is no digit."""

_SPELLED_OUT = frozenset({(1,) * 11, (2, 2, 2, 2, 2, 1), (1, 2, 2, 2, 2, 2), (4, 4, 4)})
"""Groups of a mobile number that one and the same mark separates; of 12 digits with a 0 before."""


def _shapes(prefixes: Iterable[int]) -> frozenset[tuple[int, ...]]:
    """Return the groups of digits of a number of a person, with prefixes of some lengths."""
    mobiles = (
        shape
        for first, *rest in _GROUPINGS
        for shape in (
            (first, *rest),
            *((prefix, first, *rest) for prefix in prefixes),
            # Groups behind a trunk prefix look like hours and a year: 0730-1130 2016.
            *((prefix + first, *rest) for prefix in prefixes if prefix > 1 or not rest),
        )
    )
    return _CARD_SHAPES | frozenset(mobiles)


class _Notation:
    """How the digits of a number may be written."""

    def __init__(
        self, separators: str, check_digit: str, prefix: str, lengths: tuple[int, ...]
    ) -> None:
        """Take patterns of what separates digits, of an X and of a prefix, and its lengths."""
        self.enough = re.compile(rf"(?:[0-9]{separators}){{10}}[0-9]")
        self.gap = re.compile(separators)
        self.check_x = re.compile(f"{separators}([{check_digit}])")
        self.mobile = re.compile(rf"{prefix}1[3-9]\d{{9}}")
        self.shapes = _shapes(lengths)


@cache
def _plain() -> _Notation:
    """Return the plain notation; the country code is 86 or 0086."""
    return _Notation(_SEPARATORS, "Xx", "(?:(?:00)?86)?", (2, 4))


@cache
def _disguised() -> _Notation:
    """Return the notation with a trunk prefix 0, brackets and other marks, and signs for an X.

    A comma before a blank separates the numbers of a list.
    """
    return _Notation(
        r"(?:[,:;]|[\s\-‐‑‒–—―−·._/()\[\]*#|~]{0,8}+)",
        "XxХхΧχ×✕✖╳⨯",
        "(?:0|(?:00|0)?860?)?",
        (1, 2, 3, 4, 5),
    )


_CARD, _OLD_CARD = 18, 15
_EARLIEST, _LATEST = 1900, 2099
_PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)}
    | {*range(61, 66), 71, 81, 82}
)
"""Province codes, the first two digits of an identity-card number (GB/T 2260)."""

_BRACKETED = re.compile(r"\(\s*(\d{3})\s*\)[\s\-]{0,3}(?!(?:19|20)\d\d[01]\d[0-3]\d)(\d{8})(?!\d)")
"""A mobile number as in (138)00138000; eight digits that are a date are no part of it."""

_NUMERALS = str.maketrans(
    "〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸", "0001234567891123456789236"
)

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


def _runs(text: str, notation: _Notation) -> Iterator[list[re.Match[str]]]:
    """Yield each run of groups of digits between which there are only separators."""
    run: list[re.Match[str]] = []
    for group in _GROUP.finditer(text):
        if run and not notation.gap.fullmatch(text, run[-1].end(), group.start()):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _candidates(text: str, notation: _Notation) -> Iterator[_Candidate]:
    """Yield each number of at most 18 characters that neighbouring groups can be joined into."""
    for run in _runs(text, notation):
        for first in range(len(run)):
            digits = ""
            for last in range(first, len(run)):
                digits += run[last].group()
                if len(digits) > _CARD:
                    break
                start, end = run[first].start(), run[last].end()
                spaced = all(ch.isspace() or ch.isdigit() for ch in text[start:end])
                shape = tuple(len(group.group()) for group in run[first : last + 1])
                plausible = spaced or shape in notation.shapes
                yield _Candidate(start, end, digits, plausible)
                check = notation.check_x.match(text, end) if len(digits) == _CARD - 1 else None
                if check is not None:
                    yield _Candidate(start, check.end(), f"{digits}X", plausible)


def _spelled_out(text: str) -> Iterator[_Candidate]:
    """Yield each run of short groups, with one and the same mark between them.

    A run of more groups is a list of numbers, as of the months of a year.
    """
    for run in _runs(text, _disguised()):
        lengths = tuple(len(group.group()) for group in run)
        marks = {text[one.end() : next_.start()] for one, next_ in pairwise(run)}
        if len(marks) == 1 and lengths in _SPELLED_OUT:
            digits = "".join(group.group() for group in run)
            yield _Candidate(run[0].start(), run[-1].end(), digits, plausible=True)


def _area_in_brackets(text: str) -> Iterator[_Candidate]:
    """Yield each number whose first three digits are in brackets, as an area code is."""
    for found in _BRACKETED.finditer(text):
        yield _Candidate(*found.span(), found[1] + found[2], plausible=True)


def _identifies(found: _Candidate, notation: _Notation) -> bool:
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
    return notation.mobile.fullmatch(found.digits) is not None


def _found(text: str, notation: _Notation, *more: Iterable[_Candidate]) -> list[tuple[int, int]]:
    """Return start and end of each identifier of a notation in a normalised text."""
    if notation.enough.search(text) is None:
        return []
    candidates = chain(_candidates(text, notation), *more)
    return [(one.start, one.end) for one in candidates if _identifies(one, notation)]


def _spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each number and address of a person in a normalised text."""
    from ledger.addresses import mail_addresses, other_numbers  # noqa: PLC0415 - not to read

    mail = mail_addresses(text)
    if not _may_hold_number(text):
        return list(mail)
    spelled = (_spelled_out(text), _area_in_brackets(text))
    numbers = (*_found(text, _plain()), *_found(text, _disguised(), *spelled), *other_numbers(text))
    return sorted([*mail, *numbers])


def _may_hold_number(text: str) -> bool:
    """Return whether a text has as many digits as the shortest number of a person, 010 and 7."""
    return len(text) >= _FEWEST and len(_DIGIT.findall(text)) >= _FEWEST


def _fold(text: str, *, disguised: bool) -> tuple[str, Sequence[int]]:
    """Return the normalised text, and for each of its characters the index in the original.

    Args:
        text: the text.
        disguised: whether Chinese numerals are digits too, and every hidden character is left out.
    """
    if text.isascii():
        return text, range(len(text))
    folded, origins = list[str](), list[int]()
    for place, character in enumerate(text):
        for part in compared(character, disguised=disguised):
            folded.append(part)
            origins.append(place)
    joined = "".join(folded)
    return (joined.translate(_NUMERALS) if disguised else joined), origins


@lru_cache(4_096)
def holds_identifier(text: str) -> bool:
    """Return whether a text has a number or an address of a person, plain or disguised.

    Identity-card numbers (18 or 15 digits), mobile and other telephone numbers, bank cards and
    e-mail addresses.
    """
    return bool(_spans(_fold(text, disguised=True)[0]) or holds_plain_number(text))


@lru_cache(4_096)
def holds_plain_number(text: str) -> bool:
    """Return whether a text has an identity-card or mobile number in the plain notation.

    Events in which there is one were never recorded.
    """
    folded, _ = _fold(text, disguised=False)
    return _may_hold_number(folded) and bool(_found(folded, _plain()))


def redact(text: str) -> str:
    """Return the text with every identifier masked, so that it can be printed."""
    spans = set[tuple[int, int]]()
    for disguised in (True, False):
        folded, origins = _fold(text, disguised=disguised)
        for start, end in _spans(folded):
            spans.add((origins[start], origins[end - 1] + 1))
        if text.isascii():
            break
    kept, done = [], 0
    for first, last in sorted(spans):
        if first >= done:
            kept.append(text[done:first] + MASK)
        done = max(done, last)
    return "".join(kept) + text[done:]
