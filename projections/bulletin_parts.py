"""The parts of a quarter's bulletin (季度通报)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from projections.postings import ZERO

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from projections.scores import PeriodScore


class Row(NamedTuple):
    """One unit in a period, in points; `total` is that of the year so far (四.2)."""

    rank: int | None
    unit: str
    name: str
    period: PeriodScore
    before: Decimal | None
    """The score of the period before; None for the first of a year."""
    rank_before: int | None
    total: Decimal
    flags: tuple[str, ...]


class Share(NamedTuple):
    """One unit's signed points under a clause, and the number of its postings."""

    name: str
    points: Decimal
    times: int


class ClausePoints(NamedTuple):
    """The points of a clause in a quarter by unit, the most points first."""

    clause: str
    section: str
    citation: str
    title: str
    shares: tuple[Share, ...]

    @property
    def points(self) -> Decimal:
        """Return the points of all units."""
        return sum((share.points for share in self.shares), ZERO)

    @property
    def times(self) -> int:
        """Return the number of postings of all units."""
        return sum(share.times for share in self.shares)


class Raised(NamedTuple):
    """A flag of a unit, with the period and clause that raised it first."""

    name: str
    flag: str
    period: str
    citation: str


class OpenCount(NamedTuple):
    """Open points of one kind: how many, and of which units."""

    kind: str
    times: int
    names: tuple[str, ...]


class Restated(NamedTuple):
    """A published figure that differs from the present one."""

    period: str
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

    period: str
    year: int
    number: int
    starts: date
    ends: date
    through: date
    position: int
    rows: tuple[Row, ...]
    """In the order of the measure; ties share a rank and come by unit id."""
    clauses: tuple[ClausePoints, ...]
    """Clauses with points in the quarter, in the order of the measure."""
    flags: tuple[Raised, ...]
    open: tuple[OpenCount, ...]
    restated: tuple[Restated, ...]
    is_last: bool
    """Whether it is the last of its year, which has the year's total."""

    def of_section(self, *sections: str) -> list[ClausePoints]:
        """Return the clauses of some sections of the score."""
        return [clause for clause in self.clauses if clause.section in sections]
