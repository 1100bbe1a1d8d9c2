"""What a rulebook consists of: clauses with their sentences, amounts and readings, all cited."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ledger.message import Choice, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

Section = Literal["basic_work", "abnormal_petitions", "inspection", "rewards", "penalties", "flags"]
"""Where the points of a clause are added up."""

Condition = list[str] | str
"""The values that a case may have, or a range of headcounts: `6-10`, `31-`."""

_MOST = 10**9
_MEASURES = ("points", "factor", "count", "minutes", "headcount", "flag")


class RuleData(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a rule file: frozen, and an unknown key is an error."""

    def infinite(self) -> Iterator[str]:
        """Every field that is a decimal but no number, in it and in its parts."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, Decimal) and not value.is_finite():
                yield name
            for number, part in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(part, RuleData):
                    at = f"{name}[{number}]" if isinstance(value, list) else name
                    yield from (f"{at}.{field}" for field in part.infinite())


class Words(RuleData, frozen=True, kw_only=True):
    """A text in Chinese, as the regulation has it, and in English."""

    zh: str
    en: str


class Amount(RuleData, frozen=True, kw_only=True):
    """One amount that the measure states: points, a factor, a number, minutes or a flag."""

    of: str
    when: dict[str, Condition] = {}
    points: Decimal | None = None
    factor: Decimal | None = None
    count: int | None = None
    minutes: int | None = None
    headcount: int | None = None
    flag: Literal["disqualified", "vetoed"] | None = None
    citation: str
    quote: str
    """The very words of the regulation that state it."""

    def stated(self) -> list[str]:
        """Which of the measures it states; exactly one in a sound rulebook."""
        return [name for name in _MEASURES if getattr(self, name) is not None]

    @property
    def value(self) -> Decimal:
        """The number of points or the factor."""
        found = self.points if self.points is not None else self.factor
        assert found is not None, f"{self.of} ({self.citation}) is no number of points"
        return found


class ReadingValue(RuleData, frozen=True, kw_only=True):
    """One way to read the text."""

    value: str
    meaning: str
    aliases: list[str] = []


class Number(RuleData, frozen=True, kw_only=True):
    """The numbers that a reading takes beside its named values."""

    kind: Literal["integer", "decimal"]
    least: Decimal
    most: Decimal

    def read(self, text: str) -> str | None:
        """The number in its plain form, or None where it is none of these."""
        if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII) is None:
            return None
        number = Decimal(text)
        if not self.least <= number <= self.most:
            return None
        if self.kind == "integer" and number != number.to_integral_value():
            return None
        return format(number.normalize(), "f")


class Reading(RuleData, frozen=True, kw_only=True):
    """A choice that the text leaves (◆), its default and its alternatives."""

    name: str
    default: str
    citation: str
    summary: Words
    number: Number | None = None
    value: list[ReadingValue]

    def canonical(self, given: object) -> str | None:
        """The value that a ruling names, in the rulebook's own spelling; None for no such value."""
        text = "true" if given is True else "false" if given is False else str(given)
        for known in self.value:
            if _folded(text) in {_folded(known.value), *map(_folded, known.aliases)}:
                return known.value
        return None if self.number is None else self.number.read(text.strip())

    def choices(self) -> Message:
        """What a ruling may say, for a message."""
        named: list[str] = [known.value for known in self.value]
        if self.number is not None:
            named.append(
                Message(
                    "a {kind} from {least} to {most}",
                    kind=self.number.kind,
                    least=self.number.least,
                    most=self.number.most,
                )
            )
        return Message("{choices}", choices=Choice(named))


class Clause(RuleData, frozen=True, kw_only=True):
    """One clause of the measure: what it is called, says, amounts to, and how it may be read."""

    slug: str
    judge: str
    section: Section
    citation: str
    title: Words
    sentence: Words
    item: str | None = None
    amount: list[Amount] = []
    reading: list[Reading] = []


class Total(RuleData, frozen=True, kw_only=True):
    """A section of the score and the points that it opens with."""

    section: Section
    title: Words
    opening: Decimal
    citation: str
    quote: str


class Adding(RuleData, frozen=True, kw_only=True):
    """The clause by which the year's total is added up."""

    slug: str
    citation: str
    title: Words
    sentence: Words


class Source(RuleData, frozen=True, kw_only=True):
    """Where the measure was published."""

    name: str
    number: str
    issued_on: date


def _folded(text: str) -> str:
    text = text.strip()
    for dash in "–—−-, ":
        text = text.replace(dash, "_")
    while "__" in text:
        text = text.replace("__", "_")
    return text.replace("’", "'").casefold()


def bounds(text: str) -> tuple[int, int]:
    """The ends of a range of headcounts, both in it: `6-10` → (6, 10), `31-` → (31, a billion)."""
    low, _, high = text.partition("-")
    return int(low), int(high) if high else _MOST
