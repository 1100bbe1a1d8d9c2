"""Entries near an edge: the nearest change of one fact that moves a unit's points, rank or flags.

A fact is a number, a time or a day that one entry says which counts. Near is, unless another
reach is given: 2 people, cases or things; 5 minutes of a stay; 60 minutes of a time; 1 day;
0.05 points. Every value within the reach is put in the entry's place, the nearest first and in both
directions, and the units are scored again (`near_values` leaves out times that cannot differ in
effect): what is found is the nearest, whatever amounts and bounds the measure states. A value that
would be refused is none.

It moves a unit if the unit's total, flags, or a period's points move. Decimals are points
themselves: of them, a change is an edge only if it moves the rank, the flags, or more points than
it is itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.decimals import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.scores import YearScores
    from projections.sensitivity import Standing

TOTAL = "total"
"""The field of a margin between two units' totals, which is no entry's."""


class Margin(NamedTuple):
    """What one nearby value of one fact would change for a unit."""

    entry: str | None
    """None: the unit's total itself."""
    kind: str | None
    """The kind of the entry."""
    field: str
    measured_in: str
    value: Any
    would_be: Any
    distance: int | Decimal
    """In minutes of a time, else in what it is measured in."""
    clause: str | None
    """The clause whose points or flags it moves most; None where it moves no clause's."""
    points: Decimal
    """What the total gains."""
    own: Decimal
    """The same without points by place, which come of the totals of other units."""
    before: Standing
    after: Standing
    periods: Mapping[str, tuple[Decimal, Decimal]]
    """By period, its score with what is beside it, before and after, where they differ."""

    def weight(self) -> tuple[bool, bool, Decimal, Decimal]:
        """Return by what it is sorted, the heaviest first: flags, rank, points, nearness."""
        flags, ranks = self.before.flags != self.after.flags, self.before.rank != self.after.rank
        return flags, ranks, abs(self.points), -Decimal(self.distance)

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract writes it."""
        before, after = self.before.as_json(), self.after.as_json()
        return {
            "entry": self.entry,
            "field": self.field,
            "value": told(self.value),
            "would_be": told(self.would_be),
            "distance": told(self.distance),
            "measured_in": self.measured_in,
            "clause": self.clause,
            "points": signed(self.points),
            **{name: {"from": before[name], "to": after[name]} for name in ("rank", "flags")},
            "periods": {
                name: {"from": plain(one), "to": plain(other)}
                for name, (one, other) in self.periods.items()
            },
        }


class UnitMargins(NamedTuple):
    """The margins of a unit, the heaviest first."""

    unit: str
    name: str
    margins: tuple[Margin, ...]

    def as_json(self) -> dict[str, Any]:
        """Return them as the contract writes them."""
        return {
            "unit": self.unit,
            "name": self.name,
            "margins": [one.as_json() for one in self.margins],
        }


class Margins(NamedTuple):
    """The margins of a year."""

    scores: YearScores
    """Those of the facts as they are, without postings and open points."""
    units: tuple[UnitMargins, ...]
    """In rank order."""


def signed(points: Decimal) -> str:
    """Return points with their sign; "0" without one."""
    return f"{'+' if points > 0 else ''}{plain(points)}"


def told(value: Any) -> Any:
    """Return a value as the contract writes it."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return value
    assert hasattr(value, "isoformat")
    return value.isoformat()
