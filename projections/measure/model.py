"""Data model of a measure's folder: what its files may hold.

`docs/measures/files.md` describes every field for the people who write a measure. Annotations are
evaluated here as the classes are made, not by msgspec from text, which takes twice as long.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, Self

from msgspec import Struct, field

from ledger.message import Bilingual, Choice, Message

Condition = list[str | bool] | str | bool
"""The values that a case may have, or a range of numbers, both ends included: `6-10`, `31-`."""

CaseValue = str | int | bool | Decimal | date | None
"""A value of a case; None if it is not recorded."""

QUANTITIES = (
    "points",
    "factor",
    "count",
    "minutes",
    "headcount",
    "days",
    "months",
    "percent",
    "flag",
)
"""Values that an amount may state; exactly one of them."""

MOST = 10**9


class MeasureData(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a measure's file: frozen; an unknown key is an error."""

    def infinite(self) -> Iterator[str]:
        """Yield the path of each decimal, parts included, that is not finite."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, Decimal) and not value.is_finite():
                yield name
            for number, part in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(part, MeasureData):
                    at = f"{name}[{number}]" if isinstance(value, list) else name
                    yield from (f"{at}.{inner}" for inner in part.infinite())


class Words(MeasureData, frozen=True, kw_only=True):
    """A text in the Chinese of the measure and in English."""

    zh: str
    en: str

    @property
    def text(self) -> Bilingual:
        """Return the text for a message: shown in the reader's language."""
        return Bilingual(self.en, self.zh)


class ByReading(MeasureData, frozen=True, kw_only=True):
    """A value that a reading decides: its own value, or the one that `is` gives for it."""

    reading: str
    values: dict[str, Any] | None = field(name="is", default=None)

    def resolve(self, readings: Mapping[str, str]) -> Any:
        """Return the value under the readings in force; None if `is` has none for it."""
        value = readings[self.reading]
        return value if self.values is None else self.values.get(value)


def resolved(value: Any, readings: Mapping[str, str]) -> Any:
    """Return a value that may be decided by a reading."""
    return value.resolve(readings) if isinstance(value, ByReading) else value


def number_of(value: Decimal | ByReading | None, readings: Mapping[str, str]) -> Decimal | None:
    """Return a number that may be decided by a reading; None if the reading sets none."""
    found = resolved(value, readings)
    try:
        return None if found is None else Decimal(str(found))
    except InvalidOperation:
        return None


def is_imposed(condition: Mapping[str, str | list[str]], readings: Mapping[str, str]) -> bool:
    """Return whether each reading of an `if` has the value, or one of the values, that it names."""
    return all(
        readings[name] in ([wanted] if isinstance(wanted, str) else wanted)
        for name, wanted in condition.items()
    )


class Amount(MeasureData, frozen=True, kw_only=True):
    """One amount that the measure states, for a case."""

    of: str
    when: dict[str, Condition] = {}
    condition: dict[str, str | list[str]] = field(name="if", default={})
    """Readings, by name, under whose value (or one of whose values) the amount is stated."""
    since: date | None = field(name="from", default=None)
    until: date | None = None
    points: Decimal | ByReading | None = None
    factor: Decimal | ByReading | None = None
    count: int | None = None
    minutes: int | None = None
    headcount: int | None = None
    days: int | None = None
    months: int | None = None
    percent: Decimal | None = None
    flag: str | None = None
    times: str | None = None
    """The number that the points are multiplied by: a field of the entry, or one of the kind's."""
    words: Words | None = None
    """Words for an explanation where the amount applies."""
    citation: str
    quote: str | None = None
    """The words of the text that state it, verbatim."""
    paraphrase: str | None = None
    """The same in other words, where the text is not part of the folder."""

    def stated(self) -> list[str]:
        """Return the names of the quantities given; exactly one in a sound measure."""
        return [name for name in QUANTITIES if getattr(self, name) is not None]

    def is_of(self, day: date) -> bool:
        """Return whether the amount is stated on a day."""
        return (self.since or day) <= day <= (self.until or day)

    def is_stated(self, readings: Mapping[str, str]) -> bool:
        """Return whether the amount is stated under the readings in force."""
        return is_imposed(self.condition, readings)

    @property
    def said(self) -> str:
        """Return the words that state the amount: the quote, else the paraphrase."""
        return self.quote or self.paraphrase or ""


class ReadingValue(MeasureData, frozen=True, kw_only=True):
    """One way to read the text."""

    value: str
    meaning: str
    meaning_zh: str | None = None
    aliases: list[str] = []


class Number(MeasureData, frozen=True, kw_only=True):
    """The range of numbers that a reading accepts beside its named values."""

    kind: Literal["integer", "decimal"]
    least: Decimal
    most: Decimal

    def words(self) -> Message:
        """Return the range in words."""
        if self.kind == "integer":
            return Message("an integer from {least} to {most}", least=self.least, most=self.most)
        return Message("a number from {least} to {most}", least=self.least, most=self.most)

    def read(self, text: str) -> str | None:
        """Return the number in plain notation; None if it is not accepted."""
        if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII) is None:
            return None
        number = Decimal(text)
        if not self.least <= number <= self.most:
            return None
        if self.kind == "integer" and number != number.to_integral_value():
            return None
        return format(number.normalize(), "f")


class Reading(MeasureData, frozen=True, kw_only=True):
    """A choice that the text leaves open (◆), with its default and its alternatives."""

    name: str
    default: str
    citation: str
    summary: Words
    former: list[str] = []
    """Names that rulings of earlier versions used."""
    number: Number | None = None
    value: list[ReadingValue]

    def canonical(self, given: object) -> str | None:
        """Return a ruling's value as the measure spells it; None if unknown."""
        text = "true" if given is True else "false" if given is False else str(given)
        for known in self.value:
            if _folded(text) in {_folded(known.value), *map(_folded, known.aliases)}:
                return known.value
        return None if self.number is None else self.number.read(text.strip())

    def choices(self) -> Message:
        """List the values that a ruling may name, for a message."""
        named: list[str] = [known.value for known in self.value]
        if self.number is not None:
            named.append(self.number.words())
        return Message("{choices}", choices=Choice(named))


class AppliesTo(MeasureData, frozen=True, kw_only=True):
    """The units that a clause is for; what is left out does not restrict."""

    type: list[str] | None = None
    group: list[str] | None = None
    unit: list[str] | None = None
    """Ids or exact names."""
    otherwise: Decimal | ByReading | None = None
    """Points that every other unit gets instead."""

    def includes(self, unit: Any) -> bool:
        """Return whether a unit, given by its `type`, `group`, `id` and `name`, is one of them."""
        return (
            (self.type is None or unit.type in self.type)
            and (self.group is None or unit.group in self.group)
            and (self.unit is None or unit.id in self.unit or unit.name in self.unit)
        )

    def excludes(self, other: Self) -> bool:
        """Return whether no unit can be one of these and one of the others."""
        pairs = ((self.type, other.type), (self.group, other.group), (self.unit, other.unit))
        return any(
            one is not None and another is not None and not {*one} & {*another}
            for one, another in pairs
        )


class Clause(MeasureData, frozen=True, kw_only=True):
    """One clause of the measure: its kind, sentence, amounts, readings and parameters."""

    slug: str
    kind: str
    kind_version: int = 1
    section: str
    citation: str
    title: Words
    sentence: Words
    applies_to: AppliesTo | None = None
    opening: Decimal | ByReading | None = None
    """Points that the clause starts from in each period, or in the year, of its section."""
    floor: Decimal | ByReading | None = None
    cap: Decimal | ByReading | None = None
    """Bounds of the sum of the clause's points in a period or the year of its section."""
    together_with: list[str] = []
    """Clauses before this one whose points count towards its floor and cap: parts of one item."""
    amount: list[Amount] = []
    reading: list[Reading] = []
    parameters: Any = None
    """The kind's own parameters, of the type `Parameters` of its module."""


def _folded(text: str) -> str:
    text = text.strip()
    for dash in "–—−-, ":
        text = text.replace(dash, "_")
    while "__" in text:
        text = text.replace("__", "_")
    return text.replace("’", "'").casefold()


@cache
def bounds(text: str) -> tuple[int, int]:
    """Return both ends of a range: `6-10` → (6, 10), `31-` → (31, a billion), `5` → (5, 5)."""
    low, dash, high = text.partition("-")
    return int(low), int(high) if high else MOST if dash else int(low)


def is_range(text: str) -> bool:
    """Return whether a text is a range of numbers whose ends are in order."""
    if re.fullmatch(r"\d{1,9}(-(\d{1,9})?)?", text, re.ASCII) is None:
        return False
    low, high = bounds(text)
    return low <= high
