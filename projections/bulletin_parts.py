"""The parts of a quarter's bulletin (季度通报): rows, clauses, flags, open points, restatements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from projections.postings import ZERO

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from projections.scores import QuarterScore


class Row(NamedTuple):
    """One unit in a quarter, in points; `total` is the year's so far, as 四.2 adds it up."""

    rank: int
    unit: str
    name: str
    quarter: QuarterScore
    before: Decimal | None
    """The score of the quarter before; None for the first of a year."""
    rank_before: int | None
    total: Decimal
    flags: tuple[str, ...]


class Share(NamedTuple):
    """What one unit has of a clause: points (signed) and in how many postings."""

    name: str
    points: Decimal
    times: int


class ClausePoints(NamedTuple):
    """What a clause came to in a quarter, by unit, the most points first."""

    clause: str
    section: str
    citation: str
    title: str
    shares: tuple[Share, ...]

    @property
    def points(self) -> Decimal:
        """Of all units."""
        return sum((share.points for share in self.shares), ZERO)

    @property
    def times(self) -> int:
        """Of all units."""
        return sum(share.times for share in self.shares)


class Raised(NamedTuple):
    """A flag of a unit: in which quarter it was raised first, and under which clause."""

    name: str
    flag: str
    quarter: int
    citation: str


class Waiting(NamedTuple):
    """Open points of one kind: how many, and of which units."""

    kind: str
    times: int
    names: tuple[str, ...]


class Restated(NamedTuple):
    """A published figure that is another one now."""

    quarter: str
    edition: int
    name: str
    figure: str
    """`score` and its like; a flag, then as `true` or `false`; or `left` or `joined`, of a unit
    that the edition had and is scored no longer, or that it had not and is scored now."""
    published: str
    present: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A quarter's bulletin at the close of a day, as known at a position."""

    quarter: str
    year: int
    number: int
    starts: date
    ends: date
    through: date
    position: int
    rows: tuple[Row, ...]
    """By quarter score, ties share a rank and come by unit id."""
    clauses: tuple[ClausePoints, ...]
    """Of clauses that moved points in the quarter, in the measure's order."""
    flags: tuple[Raised, ...]
    open: tuple[Waiting, ...]
    restated: tuple[Restated, ...]

    def of_section(self, *sections: str) -> list[ClausePoints]:
        """Return the clauses of some sections of the score."""
        return [clause for clause in self.clauses if clause.section in sections]
