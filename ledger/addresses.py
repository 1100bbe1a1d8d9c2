"""Find telephone numbers with an area code, bank cards and e-mail addresses in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DATE = rf"{_DAY}(?!\d)"
_GAP = r"[ \-‐‑–—]{0,2}"

_LANDLINE = re.compile(
    # Not within a longer number or a case number, nor with a date for the subscriber's number.
    r"(?<![0-9A-Za-z])(?<![0-9A-Za-z)\]〕][\-‐‑–—/._])"
    rf"(?:\+?(?:00)?86{_GAP}\(?0?|\(?0)(?:10|2\d|[3-9]\d\d)\)?"
    rf"(?P<gap>{_GAP})(?!{_DATE})[2-9](?:\d{{6,7}}|\d{{2,3}}(?P=gap)\d{{4}})(?!\d)"
)
"""A fixed telephone: area code, then 7 or 8 digits, of which the first is 2 to 9."""

_BANK_CARD = re.compile(
    r"(?<!\d)(?<!\d[\-/.])(?:\d{16,19}|\d{4}(?:([ \-])\d{4}){3}(?:\1?\d{1,3})?|\d{6}[ \-]\d{10,13})"
    r"(?!\d)"
)
_ISSUERS = re.compile(
    r"(?:62|60[0-3]|955[89])\d{12,17}|(?:4\d|5[1-5]|35|2[2-7])\d{14}"  # 16 to 19 digits, or 16
)
"""Numbers of UnionPay and its banks, and of Visa, Mastercard and JCB (ISO/IEC 7812)."""

_DATED = re.compile(rf"\d{{4,6}}{_DAY}")
"""A document number of digits: a region or an office, then a day."""

_FILES = "pdf|jpe?g|png|gif|tiff?|bmp|docx?|xlsx?|pptx?|wps|et|txt|csv|jsonl?|zip|rar|mp[34]|db|pub"
_MAIL = re.compile(
    rf"(?<![\w.+\-])(?<!://)[A-Za-z0-9][\w.+\-]{{0,63}}@(?:[A-Za-z0-9\-]+\.)+(?!(?:{_FILES})\b)"
    r"[A-Za-z]{2,24}(?![A-Za-z0-9])",
    re.ASCII,
)
"""An e-mail address; not the user of a URL, nor a file such as a@2x.png."""


def mail_addresses(text: str) -> list[tuple[int, int]]:
    """Return start and end of each e-mail address in a normalised text."""
    return [one.span() for one in _MAIL.finditer(text)] if "@" in text else []


def other_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each fixed telephone and bank card in a normalised text."""
    yield from (one.span() for one in _LANDLINE.finditer(text))
    for card in _BANK_CARD.finditer(text):
        digits = re.sub(r"\D", "", card.group())
        if _ISSUERS.fullmatch(digits) and not _DATED.match(digits) and _luhn(digits):
            yield card.span()


def _luhn(digits: str) -> bool:
    """Return whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    from stdnum import luhn  # noqa: PLC0415 - only for texts with enough digits

    return bool(luhn.is_valid(digits))
