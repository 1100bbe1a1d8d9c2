"""The types of an entry's fields, each with its bounds, checked at the door and nowhere else."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from ledger.bounds import (
    FIRST_YEAR,
    ID_LENGTH,
    LAST_YEAR,
    MOST_CASES,
    MOST_IN_A_LIST,
    MOST_MINUTES,
    MOST_PEOPLE,
    MOST_POINTS,
    NAME_LENGTH,
    NOTE_LENGTH,
    TEXT_LENGTH,
    plain,
)
from ledger.identifiers import holds_identifier
from ledger.saying import Said
from ledger.vocabulary import OFFICE_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_DECIMAL = re.compile(r"-?\d{1,6}(\.\d{1,6})?", re.ASCII)
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def wrong(kind: str, template: str, **values: str | int) -> PydanticCustomError:
    """What a check of an entry raises; `field` says which field it is about, if not its own."""
    return PydanticCustomError(kind, template, {**values, "template": template})


def told(found: Mapping[str, Any]) -> Said:
    """What pydantic says of something that it found wrong, ours or its own."""
    context = dict(found.get("ctx", {}))
    template, _ = context.pop("template", None), context.pop("field", None)
    if template is not None:
        return Said(template, **context)
    if found["type"] == "string_too_short":
        return Said("must not be empty")
    if found["type"] == "string_too_long":
        return Said("String should have at most {max_length} characters", **context)
    return Said(str(found["msg"]))


def no_person(text: str) -> str:
    """The text, if it holds no identity-card or mobile number."""
    if holds_identifier(text):
        raise wrong(
            "identifier",
            "holds an identity-card or mobile number (not repeated here): the ledger keeps "
            "headcounts and case numbers only; take it out",
        )
    return text


def _printable(text: str) -> str:
    if not text.isprintable() and any(unicodedata.category(ch) in _CONTROL for ch in text):
        raise wrong("unprintable", "has a control or invisible character in it; take it out")
    return text


def _half_width(text: str) -> str:
    if not text.isascii() and unicodedata.normalize("NFKC", text) != text:
        raise wrong(
            "full_width", "has full-width or composed characters in it; write them half-width"
        )
    return text


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


def _decimal_text(value: Any) -> Any:
    if type(value) is Decimal or (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        return value
    raise wrong("decimal", 'must be a decimal written as text, as "0.5"')


def _points_in_range(value: Decimal) -> Decimal:
    if not 0 <= value <= MOST_POINTS:
        raise wrong("points_range", "must be 0 to {most}", most=str(MOST_POINTS))
    return value


EntryId = Annotated[
    str,
    StringConstraints(pattern=rf"^[\p{{L}}\p{{Nd}}\-_./]{{1,{ID_LENGTH}}}$"),
    AfterValidator(_half_width),
    AfterValidator(no_person),
]
"""The office's own document number: 1-64 letters, digits, `-`, `_`, `.`, `/`."""


EntryIds = Annotated[
    tuple[EntryId, ...], Field(strict=False, min_length=1, max_length=MOST_IN_A_LIST)
]
"""One id at least."""

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH),
    AfterValidator(_printable),
    AfterValidator(no_person),
]
"""A unit's name, 1-100 characters."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LENGTH),
    AfterValidator(_printable),
    AfterValidator(no_person),
]
"""A title, basis or reason, 1-500 characters."""

Note = Annotated[
    str,
    StringConstraints(max_length=NOTE_LENGTH),
    AfterValidator(_printable),
    AfterValidator(no_person),
]
"""At most 200 characters."""

Matter = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=ID_LENGTH),
    AfterValidator(_printable),
    AfterValidator(no_person),
]
"""A case number (信访事项编号), 1-64 characters."""

Matters = Annotated[tuple[Matter, ...], Field(strict=False, max_length=MOST_IN_A_LIST)]
"""Case numbers, perhaps none."""

Account = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=ID_LENGTH),
    AfterValidator(_printable),
    AfterValidator(no_person),
]
"""The account or role name of who records or verifies, 1-64 characters."""

Day = Annotated[date, Field(strict=False), BeforeValidator(_day_text), AfterValidator(_known_year)]
"""A local date, YYYY-MM-DD."""

Moment = Annotated[
    datetime, Field(strict=False), BeforeValidator(_moment_text), AfterValidator(_office_moment)
]
"""A time as an instant, kept in UTC+08:00; without an offset it is UTC+08:00."""

Month = Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A calendar month, YYYY-MM."""

Year = Annotated[int, Field(ge=FIRST_YEAR + 1, le=LAST_YEAR)]
"""An assessment year *Y*: (Y-1)-12-01 to Y-11-30."""

Headcount = Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
"""People in a batch."""

Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
"""A stay in minutes."""

Cases = Annotated[int, Field(ge=0, le=MOST_CASES)]
"""A number of cases or of things missing."""

Points = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    Field(strict=False),
    AfterValidator(_points_in_range),
    PlainSerializer(plain, return_type=str),
]
"""Points, an exact decimal written as text."""


@cache
def _text() -> TypeAdapter[str]:
    return TypeAdapter(Text)


def _reading_value(value: Any) -> Any:
    """Text, a whole number, true or false; null says none."""
    if value is None:
        return "none"
    if isinstance(value, str):
        try:
            return _text().validate_python(value)
        except ValidationError as error:
            words = told(error.errors(include_url=False, include_input=False)[0])
            raise wrong("reading_value", words.template, **words.values) from None
    if not isinstance(value, int):
        raise wrong(
            "reading_value", 'must be text, a whole number, true or false; a factor is text: "1.5"'
        )
    return value


ReadingValue = Annotated[bool | int | str, BeforeValidator(_reading_value)]
"""A value of a reading: text, a whole number, true or false."""
