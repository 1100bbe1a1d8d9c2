"""Find the amount of a case among those that a clause states."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import TallyError
from ledger.message import Message, Series
from projections.measure.model import bounds, number_of
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from projections.measure.model import Amount, ByReading, CaseValue, Condition


class NoAmountError(TallyError):
    """The measure states no amount for a case, or more than one."""

    def __init__(self, slug: str, of: str, case: Mapping[str, object], found: int) -> None:
        self.slug, self.of, self.case, self.found = slug, of, dict(case), found
        words = Message(
            "clause {slug}: {found} amounts for “{of}” with {case}; one was expected",
            slug=slug,
            found=found,
            of=of,
            case=Series(
                Message("{name} {value}", name=name, value=value) for name, value in case.items()
            ),
        )
        super().__init__(words)

    def told(self, words: Message) -> NoAmountError:
        """Return the same error with another message."""
        found = NoAmountError(self.slug, self.of, self.case, self.found)
        found.args = (words,)
        return found


class Found(NamedTuple):
    """The amount of a case."""

    amount: Amount
    value: Decimal | None
    """Its points or factor under the readings in force; None if no reading sets it."""

    @property
    def points(self) -> Decimal:
        """Return its points; 0 if no reading sets them."""
        return self.value or ZERO


class Amounts:
    """The amounts of one `of` that are stated under the readings in force."""

    def __init__(
        self, slug: str, of: str, amounts: Iterable[Amount], readings: Mapping[str, str]
    ) -> None:
        """Select the amounts of a clause.

        Args:
            slug: the clause, for messages.
            of: what the amounts are of.
            amounts: all amounts of the clause.
            readings: the value in force of every reading.
        """
        self.slug, self.of = slug, of
        self._found = [
            Found(amount, number_of(_stated(amount), readings))
            for amount in amounts
            if amount.of == of and amount.is_stated(readings)
        ]
        self.names = tuple(dict.fromkeys(name for one in self._found for name in one.amount.when))
        self.dated = any(one.amount.since or one.amount.until for one in self._found)
        self._by_values: dict[tuple[Any, ...], tuple[Found | None, bool]] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def one(self, case: Mapping[str, CaseValue] | None = None) -> Found:
        """Return the one amount of a case.

        Raises:
            NoAmountError: there is none, or several.
        """
        found, _ = self.find(case or {})
        if found is None:
            raise NoAmountError(self.slug, self.of, case or {}, 0)
        return found

    def find(self, case: Mapping[str, CaseValue]) -> tuple[Found | None, bool]:
        """Return the amount of a case, if there is one, and whether it is undecided.

        It is undecided if it depends on a value that is not recorded.

        Args:
            case: values by name; None for one that is not recorded. `day`, the day that the points
                are about, selects among amounts that are stated for a part of the year.

        Raises:
            NoAmountError: there are several.
        """
        values = (*[case.get(name) for name in self.names], case.get("day") if self.dated else None)
        known = self._by_values.get(values)
        if known is None:
            # Several tables are asked for a case, and each depends on few of its values.
            known = self._by_values[values] = self._find(case)
        return known

    def _find(self, case: Mapping[str, CaseValue]) -> tuple[Found | None, bool]:
        sure: list[Found] = []
        undecided = False
        for one in self._found:
            applies = _applies(one.amount, case)
            if applies:
                sure.append(one)
            elif applies is None:
                undecided = True
        if len(sure) > 1:
            raise NoAmountError(self.slug, self.of, case, len(sure))
        return (sure[0] if sure else None), undecided

    def edges(self, name: str) -> set[int]:
        """Return the numbers at which a condition on a name begins or stops to hold."""
        found = set[int]()
        for one in self._found:
            found |= edges_of(one.amount.when.get(name))
        return found


def edges_of(condition: Condition | None) -> set[int]:
    """Return the numbers at which a condition begins or stops to hold; none if it is no range."""
    if not isinstance(condition, str):
        return set()
    low, high = bounds(condition)
    return {low, high + 1}


def _applies(amount: Amount, case: Mapping[str, CaseValue]) -> bool | None:
    """Return whether an amount is for a case; None if a value that decides is not recorded."""
    sure: bool | None = True
    for name, condition in amount.when.items():
        value = case.get(name)
        if value is None:
            sure = None
        elif not holds(condition, value):
            return False
    if amount.since is not None or amount.until is not None:
        day = case["day"]
        assert isinstance(day, date)
        if not amount.is_of(day):
            return False
    return sure


def holds(condition: Condition, value: CaseValue) -> bool:
    """Return whether a condition holds for a value."""
    if isinstance(condition, bool):
        return value is condition
    if isinstance(condition, list):
        return value in condition
    low, high = bounds(condition)
    return value is not None and not isinstance(value, str | bool | date) and low <= value <= high


def _stated(amount: Amount) -> Decimal | ByReading | None:
    return amount.points if amount.points is not None else amount.factor
