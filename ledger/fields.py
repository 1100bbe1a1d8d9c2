"""The types of the fields of entries and events, each with its bounds.

pydantic enforces the bounds where something comes in (`ledger.declared`); msgspec reads the
bare types. Nothing here imports pydantic before something is validated.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from ledger.checks import (
    ID_LENGTH,
    clean,
    half_width,
    id_text,
    no_person,
    no_plain_number,
    own_letters,
    seen,
    wrong,
)
from ledger.decimals import plain
from ledger.declared import Admission, Bounds, Check, Declared, Parse
from ledger.instants import instant_of
from ledger.vocabulary import FIRST_YEAR, LAST_YEAR, OFFICE_TIME

if TYPE_CHECKING:
    from collections.abc import Callable

NOTE_LENGTH = 200
NAME_LENGTH = 100
TEXT_LENGTH = 500
MOST_PEOPLE = 1_000_000
MOST_MINUTES = 1_000_000
MOST_CASES = 100_000
MOST_IN_A_LIST = 10_000
MOST_POINTS = Decimal(1000)
MOST_MISSING = 1_000
MOST_EVIDENCE = 100
WORD_LENGTH = 32

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_DECIMAL = re.compile(r"-?\d{1,6}(\.\d{1,6})?", re.ASCII)

MONTH_PATTERN = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
WORD_PATTERN = rf"^[a-z][a-z0-9_]{{0,{WORD_LENGTH - 1}}}$"
ITEM_PATTERN = r"^[0-9]{1,2}(\.[0-9]{1,2}){0,3}$"
PERIOD_PATTERN = r"^(19|20|21)[0-9]{2}[0-9A-Za-z-]{0,16}$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"


class Label(NamedTuple):
    """The office's title of a field, and its meaning."""

    title: str
    description: str


FormName = Literal[
    "code",
    "prose",
    "choice",
    "flag",
    "whole",
    "decimal",
    "day",
    "moment",
    "month",
    "list",
    "pairs",
    "value",
]
"""Notation of a field in a form or a sheet: `code` is an id or a case number.

`pairs` is a list of `name=value`, as of sections with their points.
"""


class Form(NamedTuple):
    """Notation of a text, where its type alone does not say."""

    name: FormName


class Choices(NamedTuple):
    """The words for the values of a field, where the vocabulary has none or others."""

    words: tuple[tuple[str, str], ...]
    """(value, Chinese) pairs: metadata of a type must be hashable."""
    english: tuple[tuple[str, str], ...] = ()
    """(value, English) pairs."""


class RefersTo(NamedTuple):
    """The kind of entry whose id a field (or each item of it) must be."""

    kind: str


def _day_text(value: Any) -> Any:
    if not (_DAY.fullmatch(value) if isinstance(value, str) else type(value) is date):
        raise wrong("day", "must be a date written YYYY-MM-DD, as 2016-03-31")
    return value


def _known_year(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise wrong(
            "year_range",
            "must lie in the years {first} to {last}",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return value


def _moment_text(value: Any) -> Any:
    if not (_MOMENT.fullmatch(value) if isinstance(value, str) else isinstance(value, datetime)):
        raise wrong(
            "moment",
            "must be a time written YYYY-MM-DDThh:mm, with an offset such as +08:00 or without "
            "(then UTC+08:00)",
        )
    return value


def _office_moment(value: datetime) -> datetime:
    _known_year(value)
    local = (
        value.replace(tzinfo=OFFICE_TIME) if value.tzinfo is None else value.astimezone(OFFICE_TIME)
    )
    _known_year(local)
    return local


def decimal_text(value: Any) -> Any:
    """Return a decimal, or the text of one, as it is."""
    if type(value) is Decimal or (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        return value
    raise wrong("decimal", 'must be a decimal written as text, as "0.5"')


def in_range(least: Decimal, most: Decimal) -> Callable[[Decimal], Decimal]:
    """Return what checks a decimal's bounds and returns it in plain notation."""

    def check(value: Decimal) -> Decimal:
        if not least <= value <= most:
            raise wrong(
                "points_range", "must be {least} to {most}", least=str(least), most=str(most)
            )
        return Decimal(plain(value))

    return check


def _reading_value(value: Any) -> Any:
    """Return a text, whole number, true or false as it is, and null as the word none."""
    if value is None:
        return "none"
    if isinstance(value, str):
        text = value.strip()
        if not text:
            raise wrong("reading_value", "must not be empty")
        if len(text) > TEXT_LENGTH:
            raise wrong(
                "reading_value",
                "must have at most {max_length} characters",
                max_length=TEXT_LENGTH,
            )
        return clean(text)
    if not isinstance(value, int):
        raise wrong(
            "reading_value", 'must be text, a whole number, true or false; a factor is text: "1.5"'
        )
    return value


def _impersonal_value(value: bool | int | str) -> bool | int | str:
    return no_person(value) if isinstance(value, str) else value


def _empty_as_none(value: Any) -> Any:
    return None if value == "" else value


def _instant(text: str) -> str:
    instant_of(text)
    return text


def _line(length: int) -> Bounds:
    """Return the bounds of a text of 1 to `length` characters."""
    return Bounds(strip_whitespace=True, min_length=1, max_length=length)


EntryId = Annotated[
    str,
    Check(id_text),
    Check(half_width),
    Check(no_plain_number),
]
"""The id of an entry, as others refer to it."""

OwnId = Annotated[EntryId, Admission(own_letters), Admission(no_person)]
"""The office's own document number: 1-64 letters, digits, `-`, `_`, `.`, `/`, brackets."""

UnitName = Annotated[str, _line(NAME_LENGTH), Check(clean)]
"""The id of a unit or its name; what is stored is the id (`ledger.units`)."""

UnitId = Annotated[UnitName, RefersTo("unit")]
"""A unit, by its id or name."""

UnitIds = Annotated[
    tuple[UnitName, ...],
    Bounds(strict=False, min_length=1, max_length=MOST_IN_A_LIST),
    RefersTo("unit"),
]
"""One unit at least, by ids or names."""

_SEEN, _IMPERSONAL = Admission(seen), Admission(no_person)

Name = Annotated[str, _line(NAME_LENGTH), Check(clean), _SEEN, _IMPERSONAL, Form("prose")]
"""A unit's name, 1-100 characters."""

Text = Annotated[str, _line(TEXT_LENGTH), Check(clean), _IMPERSONAL, Form("prose")]
"""A title, basis or reason, 1-500 characters."""

Matter = Annotated[str, _line(ID_LENGTH), Check(clean), _SEEN, _IMPERSONAL]
"""A case number (信访事项编号), 1-64 characters."""

Account = Annotated[str, _line(ID_LENGTH), Check(clean), _SEEN, _IMPERSONAL]
"""The account or role name of who records or verifies, 1-64 characters."""

Note = Annotated[str, Bounds(max_length=NOTE_LENGTH), Check(clean), _IMPERSONAL, Form("prose")]
"""At most 200 characters."""

OptionalNote = Annotated[Note | None, Parse(_empty_as_none)]
"""A note, or none; an empty one is none."""

Matters = Annotated[tuple[Matter, ...], Bounds(strict=False, max_length=MOST_IN_A_LIST)]
"""Case numbers, perhaps none."""

Day = Annotated[date, Bounds(strict=False), Parse(_day_text), Check(_known_year)]
"""A local date, YYYY-MM-DD."""

Moment = Annotated[datetime, Bounds(strict=False), Parse(_moment_text), Check(_office_moment)]
"""A time as an instant, kept in UTC+08:00; without an offset it is UTC+08:00."""

Instant = Annotated[str, Check(_instant)]
"""A recorded time: the ledger's own clock, as `ledger.instants` writes it."""

Month = Annotated[str, Bounds(pattern=MONTH_PATTERN), Form("month")]
"""A calendar month, YYYY-MM."""

Year = Annotated[int, Bounds(ge=FIRST_YEAR + 1, le=LAST_YEAR)]
"""An assessment year *Y*: (Y-1)-12-01 to Y-11-30."""

Headcount = Annotated[int, Bounds(ge=1, le=MOST_PEOPLE)]
"""People in a batch."""

Minutes = Annotated[int, Bounds(ge=0, le=MOST_MINUTES)]
"""A stay in minutes."""

Cases = Annotated[int, Bounds(ge=0, le=MOST_CASES)]
"""A number of cases."""

Missing = Annotated[int, Bounds(ge=0, le=MOST_MISSING)]
"""A number of things missing."""

Points = Annotated[
    Decimal, Bounds(strict=False), Parse(decimal_text), Check(in_range(Decimal(0), MOST_POINTS))
]
"""Points, an exact decimal written as text."""

Word = Annotated[str, Bounds(pattern=WORD_PATTERN)]
"""A coded value that the measure declares, as `village`; whether it does is a rule."""

Item = Annotated[str, Bounds(pattern=ITEM_PATTERN)]
"""The number of an inspection item, as 1.2; whether the measure has it is a rule."""

PeriodName = Annotated[str, Bounds(pattern=PERIOD_PATTERN)]
"""The name of a period of a measure, its assessment year first, as 2016Q1."""

Sections = Annotated[
    dict[
        Word,
        Annotated[
            Decimal,
            Bounds(strict=False),
            Parse(decimal_text),
            Check(in_range(-MOST_POINTS, MOST_POINTS)),
        ],
    ],
    Bounds(min_length=1, max_length=50),
    Form("pairs"),
]
"""Points by section of a measure."""

Sha256 = Annotated[str, Bounds(pattern=SHA256_PATTERN)]
"""A SHA-256 in hexadecimal."""

PublicKey = Annotated[str, Bounds(pattern=SHA256_PATTERN)]
"""A public key of Ed25519, 32 bytes in hexadecimal."""

Signature = Annotated[str, Bounds(pattern=r"^[0-9a-f]{128}$")]
"""A signature of Ed25519, 64 bytes in hexadecimal."""


class Evidence(Declared, frozen=True, kw_only=True):
    """A scanned paper that an entry rests on; the file itself is kept elsewhere."""

    name: Name
    sha256: Sha256


EvidenceList = Annotated[
    tuple[Evidence, ...],
    Bounds(strict=False, min_length=1, max_length=MOST_EVIDENCE),
    Form("pairs"),
]
"""Scanned papers, one at least."""

OwnValue = bool | int | Annotated[str, Bounds(max_length=TEXT_LENGTH), Check(clean), _IMPERSONAL]
"""A stored value of a measure's own field: decimals and times are texts."""

ReadingValue = Annotated[bool | int | str, Parse(_reading_value), Admission(_impersonal_value)]
"""A value of a reading: text, a whole number, true or false."""
