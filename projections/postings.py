"""What a clause yields: postings of points, open points, and flags, each with its entries."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from ledger.bounds import plain

if TYPE_CHECKING:
    from projections.rulebook import Amount

ZERO = Decimal(0)

OpenKind = Literal["undetermined", "incomplete", "not_inspected", "unverified", "objection"]


class Working(NamedTuple):
    """How points came about, put into words only when somebody reads them, in his language.

    A value may be a working itself.
    """

    template: str
    values: tuple[object, ...] = ()

    def __str__(self) -> str:
        return self.template.format(
            *(plain(value) if isinstance(value, Decimal) else value for value in self.values)
        )


_ONE_PERSON = Working("1 person")


def people(headcount: int) -> Working:
    """A headcount in words: 1 person, 5 people."""
    return _ONE_PERSON if headcount == 1 else Working("{} people", (headcount,))


class Posting(NamedTuple):
    """Points of one clause for one matter; zero where it was looked at and cost nothing."""

    clause: str
    quarter: int | None
    """1 to 4, or None for what belongs to the year alone."""
    points: Decimal
    entries: tuple[str, ...]
    working: Working
    read: tuple[Amount, ...] = ()
    """Every amount of the rulebook that went into the points."""


class OpenPoint(NamedTuple):
    """Something that awaits an entry, a ruling, an inspection or a verification."""

    kind: OpenKind
    entry: str | None
    clause: str | None
    quarter: int | None = None
    """The quarter whose explanation tells it too; None for the year alone."""


class Flag(NamedTuple):
    """A consequence other than points, for the whole year."""

    flag: Literal["disqualified", "vetoed"]
    clause: str
    quarter: int
    entries: tuple[str, ...]
    working: Working
    read: tuple[Amount, ...] = ()


Finding = Posting | OpenPoint | Flag
