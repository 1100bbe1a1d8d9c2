"""Results of a clause: postings of points, open points and flags."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from ledger.decimals import plain

if TYPE_CHECKING:
    # At runtime it would close a circle; msgspec resolves it only to decode a posting.
    from collections.abc import Callable

    from projections.measure.model import Amount

ZERO = Decimal(0)

TIMES = "{} × {}: {}"
"""Template of a working that multiplies points by a number, with the reason."""

OpenKind = Literal["undetermined", "incomplete", "not_inspected", "unverified", "objection"]


class Working(Struct, frozen=True, gc=False):
    """Computation of points: a template and values, formatted when it is read.

    A value may be a working itself.
    """

    template: str
    values: tuple[object, ...] = ()

    @property
    def innermost(self) -> Working:
        """Return the working that a multiplication such as `−1 × 3: late` ends with, or itself."""
        last = self.values[-1] if self.values else None
        return last if self.template == TIMES and isinstance(last, Working) else self

    def __str__(self) -> str:
        return self.template.format(
            *(plain(value) if isinstance(value, Decimal) else value for value in self.values)
        )


class Deferred(Struct, frozen=True, gc=False):
    """A working that is made when it is read.

    Of 50,000 batches and responses, making all workings takes as long as finding the points.
    """

    make: Callable[..., Working]
    given: tuple[object, ...]


_ONE_PERSON = Working("1 person")


def people(headcount: int) -> Working:
    """Return a headcount in words: 1 person, 5 people."""
    return _ONE_PERSON if headcount == 1 else Working("{} people", (headcount,))


class _Explained(Struct, frozen=True, gc=False):
    """Base of results whose words may be deferred until they are read."""

    @property
    def working(self) -> Working:
        """Return how it was computed."""
        words: Working | Deferred = self.words  # type: ignore[attr-defined]
        return words.make(*words.given) if isinstance(words, Deferred) else words


class Posting(_Explained, frozen=True, gc=False):
    """Points of one clause for one matter; zero if the clause applied at no cost."""

    clause: str
    period: int | None
    """The number of the period, from 1; None for what belongs to the year alone."""
    points: Decimal
    entries: tuple[str, ...]
    words: Working | Deferred
    """How the points were computed; read it as `working`."""
    read: tuple[Amount, ...] = ()
    """Every amount of the rulebook that went into the points."""


class OpenPoint(NamedTuple):
    """Something that awaits an entry, a ruling, an inspection or a verification."""

    kind: OpenKind
    entry: str | None
    clause: str | None
    period: int | None = None
    """The period whose explanation lists it too; None for the year alone."""


class Flag(_Explained, frozen=True, gc=False):
    """A consequence other than points, for the whole year."""

    flag: str
    clause: str
    period: int | None
    entries: tuple[str, ...]
    words: Working | Deferred
    """Why; read it as `working`."""
    read: tuple[Amount, ...] = ()


ClauseResult = Posting | OpenPoint | Flag
