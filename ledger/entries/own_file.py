"""Read the kinds of entries that a measure declares in its `entries.toml`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import UNSET, MsgspecError, Struct, UnsetType, convert, field
from msgspec.toml import decode

from ledger.declared import Bounds, Check, Parse
from ledger.entries import BY_KIND, STORED
from ledger.entries.own import RESERVED, OwnKind, own_kind
from ledger.errors import TallyError
from ledger.fields import (
    WORD_PATTERN,
    Choices,
    Day,
    EntryId,
    Label,
    Matter,
    Moment,
    Month,
    RefersTo,
    Text,
    UnitId,
    Year,
    decimal_text,
    in_range,
)
from ledger.malformed import words_of
from ledger.message import Bilingual, Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FieldType = Literal[
    "text",
    "case_number",
    "choice",
    "integer",
    "decimal",
    "flag",
    "date",
    "time",
    "month",
    "year",
    "reference",
]

_PLAIN: dict[str, Any] = {
    "text": Text,
    "case_number": Matter,
    "flag": bool,
    "date": Day,
    "time": Moment,
    "month": Month,
    "year": Year,
}
_NUMBERS = {"integer", "decimal"}
_DATES = {"date", "time", "year"}
_MOST = 1_000_000_000
_PREFIX = re.compile(r"[A-Z]{2,4}")


class OwnKindsError(TallyError):
    """An `entries.toml` that cannot be used; the message is its first fault."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        """Take every fault as (place, words)."""
        self.faults = tuple(faults)
        place, words = faults[0]
        super().__init__(Message("{place}: {words}", place=place, words=words))


class _Part(Struct, forbid_unknown_fields=True, kw_only=True):
    """A table of the file: an unknown key is an error."""


class _Words(_Part):
    zh: str
    en: str


class _Choice(_Part):
    value: str
    zh: str
    en: str


class _Field(_Part):
    name: str
    title: _Words
    type: FieldType
    optional: bool = False
    default: bool | int | str | UnsetType = UNSET
    choices: list[_Choice] = []
    min: str | int | float | None = None
    max: str | int | float | None = None
    refers_to: str | None = None


class _Kind(_Part):
    kind: str
    title: _Words
    prefix: str
    dated_by: str
    unique: list[str] = []
    fields: list[_Field] = field(name="field", default_factory=list)


class _File(_Part):
    entry: list[_Kind] = []


def own_kinds(text: str) -> dict[str, OwnKind]:
    """Return the kinds that an `entries.toml` declares, by name.

    Raises:
        OwnKindsError: the file cannot be read, or a kind cannot be used.
    """
    try:
        read = decode(text, type=_File)
    except MsgspecError as error:
        words, _, place = str(error).partition(" - at `$.")
        place = place.rstrip("`")
        fault = place or "entries.toml", words_of(words, f".{place}", _File)
        raise OwnKindsError([fault]) from None
    names = [one.kind for one in read.entry]
    faults = [
        (f"entry[{number}]{where}", words)
        for number, one in enumerate(read.entry)
        for where, words in (*_faults(one, names), *_faults_of_fields(one, names))
    ]
    if faults:
        raise OwnKindsError(faults)
    found: dict[str, OwnKind] = {}
    for number, one in enumerate(read.entry):
        place = f"entry[{number}]"
        fields = [_declared(each, f"{place}.field[{at}]") for at, each in enumerate(one.fields)]
        found[one.kind] = own_kind(
            one.kind,
            one.title.zh,
            one.title.en,
            fields,
            prefix=one.prefix,
            dated_by=one.dated_by,
            unique=tuple(one.unique),
        )
    return found


def _faults(one: _Kind, names: Sequence[str]) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with a kind beyond its fields' values, as (place, message)."""
    if re.fullmatch(WORD_PATTERN, one.kind) is None:
        yield ".kind", Message("must be a word in lower case, as village")
    if one.kind in STORED:
        yield ".kind", Message("{kind} is a kind that every ledger has", kind=one.kind)
    if names.count(one.kind) > 1:
        yield ".kind", Message("{name} is given twice", name=one.kind)
    if _PREFIX.fullmatch(one.prefix) is None:
        yield ".prefix", Message("must be 2 to 4 capital letters, as FI")
    types = {each.name: each.type for each in one.fields}
    dates = [each.name for each in one.fields if each.type in _DATES and not each.optional]
    if one.dated_by not in dates:
        words = Message(
            "{name!r} is not a field of type date, time or year that is not optional; there are "
            "{known}",
            name=one.dated_by,
            known=Series(dates),
        )
        yield ".dated_by", words
    for name in one.unique:
        if name != "unit" and name not in types:
            yield ".unique", Message("{name} is not a field of {kind}", name=name, kind=one.kind)


def _faults_of_fields(one: _Kind, kinds: Sequence[str]) -> Iterator[tuple[str, Message]]:
    for number, each in enumerate(one.fields):
        place = f".field[{number}]"
        if re.fullmatch(WORD_PATTERN, each.name) is None:
            yield f"{place}.name", Message("must be a word in lower case, as village")
        if each.name in RESERVED:
            yield f"{place}.name", Message("{name} is a field of every kind", name=each.name)
        if [other.name for other in one.fields].count(each.name) > 1:
            yield f"{place}.name", Message("{name} is given twice", name=each.name)
        yield from _field_faults(each, place, {*BY_KIND, *kinds})


def _field_faults(one: _Field, place: str, kinds: set[str]) -> Iterator[tuple[str, Message]]:
    values = [choice.value for choice in one.choices]
    if (one.type == "choice") != bool(values):
        yield f"{place}.choices", Message("goes with type choice, and type choice needs it")
    if len(set(values)) < len(values):
        yield f"{place}.choices", Message("has a value twice")
    if any(re.fullmatch(WORD_PATTERN, value) is None for value in values):
        yield f"{place}.choices", Message("must be words in lower case, as satellite")
    if (one.type == "reference") != (one.refers_to is not None):
        yield f"{place}.refers_to", Message("goes with type reference, and type reference needs it")
    if one.refers_to is not None and one.refers_to not in kinds:
        yield (
            f"{place}.refers_to",
            Message("is not a kind of entry; write one of {kinds}", kinds=Series(sorted(kinds))),
        )
    for name in ("min", "max"):
        bound = getattr(one, name)
        if bound is None:
            continue
        if one.type not in _NUMBERS:
            yield f"{place}.{name}", Message("goes with type integer or decimal")
        elif _number(bound, one.type) is None:
            yield (
                f"{place}.{name}",
                Message("must be a number, as {text}", text='"0"'),
            )


def _number(given: str | float, kind: str) -> Decimal | None:
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        return None
    whole = kind == "decimal" or number == number.to_integral_value()
    return number if number.is_finite() and whole else None


def _type_of(one: _Field) -> Any:
    """Return the annotation that both libraries read, without title and default."""
    if one.type == "choice":
        values = tuple(choice.value for choice in one.choices)
        choices = Choices(
            tuple([(each.value, each.zh) for each in one.choices]),
            tuple([(each.value, each.en) for each in one.choices]),
        )
        return Annotated[Literal[values], choices]
    if one.type == "reference":
        return (
            UnitId if one.refers_to == "unit" else Annotated[EntryId, RefersTo(one.refers_to or "")]
        )
    if one.type in _NUMBERS:
        low = Decimal(-_MOST) if one.min is None else Decimal(str(one.min))
        high = Decimal(_MOST) if one.max is None else Decimal(str(one.max))
        if one.type == "integer":
            return Annotated[int, Bounds(ge=int(low), le=int(high))]
        return Annotated[
            Decimal, Bounds(strict=False), Parse(decimal_text), Check(in_range(low, high))
        ]
    return _PLAIN[one.type]


def _declared(one: _Field, place: str) -> tuple[str, Any] | tuple[str, Any, Any]:
    """Return a field as `msgspec.defstruct` takes it."""
    label, bare = Label(one.title.zh, Bilingual(one.title.en, one.title.zh)), _type_of(one)
    if one.default is not UNSET:
        try:
            default = convert(one.default, bare, strict=one.type != "decimal")
        except MsgspecError as error:
            raise OwnKindsError([(f"{place}.default", str(error))]) from None
        return one.name, Annotated[bare, label], default
    if one.optional:
        return one.name, Annotated[bare | None, label], None
    return one.name, Annotated[bare, label]
