"""Data model of a rulebook: clauses with sentences, amounts and readings."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ledger.errors import TallyError
from ledger.message import Choice, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Section = Literal["basic_work", "abnormal_petitions", "inspection", "rewards", "penalties", "flags"]
"""The part of the score that a clause's points are added to."""

Condition = list[str] | str
"""The values that a case may have, or a range of headcounts, both ends included: `6-10`, `31-`."""

_MOST = 10**9
_MEASURES = ("points", "factor", "count", "minutes", "headcount", "flag")


class NoAmountError(TallyError):
    """The measure states no amount for a case, or more than one."""

    def __init__(self, slug: str, of: str, case: Mapping[str, object], found: int) -> None:
        super().__init__(
            Message(
                "clause {slug}: {found} amounts for “{of}” with {case}; one was expected",
                slug=slug,
                found=found,
                of=of,
                case=dict(case),
            )
        )


class RuleData(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a rule file: frozen; an unknown key is an error."""

    def infinite(self) -> Iterator[str]:
        """Yield the path of each decimal, parts included, that is not finite."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, Decimal) and not value.is_finite():
                yield name
            for number, part in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(part, RuleData):
                    at = f"{name}[{number}]" if isinstance(value, list) else name
                    yield from (f"{at}.{field}" for field in part.infinite())


class Words(RuleData, frozen=True, kw_only=True):
    """A text in the regulation's Chinese and in English."""

    zh: str
    en: str


class Amount(RuleData, frozen=True, kw_only=True):
    """One amount of the measure: points, factor, count, minutes, people or a flag."""

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
    """The words of the regulation that state it, verbatim."""

    def stated(self) -> list[str]:
        """Return the names of the quantities given; exactly one in a sound rulebook."""
        return [name for name in _MEASURES if getattr(self, name) is not None]

    @property
    def value(self) -> Decimal:
        """Return the points or the factor."""
        found = self.points if self.points is not None else self.factor
        assert found is not None, f"{self.of} ({self.citation}) states neither points nor a factor"
        return found

    def applies(self, case: Mapping[str, str | int]) -> bool:
        """Return whether the amount is for a case, given by name and value."""
        for name, allowed in self.when.items():
            given = case.get(name)
            if isinstance(allowed, str):
                low, high = bounds(allowed)
                if not isinstance(given, int) or not low <= given <= high:
                    return False
            elif given not in allowed:
                return False
        return True


class ReadingValue(RuleData, frozen=True, kw_only=True):
    """One way to read the text."""

    value: str
    meaning: str
    aliases: list[str] = []


class Number(RuleData, frozen=True, kw_only=True):
    """The range of numbers that a reading accepts beside its named values."""

    kind: Literal["integer", "decimal"]
    least: Decimal
    most: Decimal

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


class Reading(RuleData, frozen=True, kw_only=True):
    """A choice that the text leaves open (◆), with its default and its alternatives."""

    name: str
    default: str
    citation: str
    summary: Words
    number: Number | None = None
    value: list[ReadingValue]

    def canonical(self, given: object) -> str | None:
        """Return a ruling's value as the rulebook spells it; None if unknown."""
        text = "true" if given is True else "false" if given is False else str(given)
        for known in self.value:
            if _folded(text) in {_folded(known.value), *map(_folded, known.aliases)}:
                return known.value
        return None if self.number is None else self.number.read(text.strip())

    def choices(self) -> Message:
        """List the values that a ruling may name, for a message."""
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
    """One clause of the measure: its title, sentence, amounts and readings."""

    slug: str
    judge: str
    section: Section
    citation: str
    title: Words
    sentence: Words
    item: str | None = None
    amount: list[Amount] = []
    reading: list[Reading] = []

    def amount_for(self, of: str, **case: str | int) -> Amount:
        """Return the one amount stated for a case.

        Raises:
            NoAmountError: there is none, or several.
        """
        found = self._amounts(of, case)
        if len(found) != 1:
            raise NoAmountError(self.slug, of, case, len(found))
        return found[0]

    def states(self, of: str, **case: str | int) -> bool:
        """Return whether any amount is stated for a case."""
        return bool(self._amounts(of, case))

    def lookup(self, of: str, *names: str) -> Callable[..., Amount]:
        """Return `amount_for` as a cached function of the values of those names."""
        return cache(lambda *values: self.amount_for(of, **dict(zip(names, values, strict=True))))

    def _amounts(self, of: str, case: Mapping[str, str | int]) -> list[Amount]:
        return [amount for amount in self.amount if amount.of == of and amount.applies(case)]


class Total(RuleData, frozen=True, kw_only=True):
    """A section of the score and the points that it starts from."""

    section: Section
    title: Words
    opening: Decimal
    citation: str
    quote: str


class Adding(RuleData, frozen=True, kw_only=True):
    """The clause that adds up the year's total."""

    slug: str
    citation: str
    title: Words
    sentence: Words


class Source(RuleData, frozen=True, kw_only=True):
    """The document that published the measure."""

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


@cache
def bounds(text: str) -> tuple[int, int]:
    """Return both ends of a range: `6-10` → (6, 10), `31-` → (31, a billion)."""
    low, _, high = text.partition("-")
    return int(low), int(high) if high else _MOST
