"""The parts of a bulletin: of a period (季度通报), or of a whole year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from ledger.entries import Entry
    from projections.measure import Heading
    from projections.measure.calendar import YearPeriod
    from projections.measure.model import Words
    from projections.postings import Flag, Working


class Column(NamedTuple):
    """A figure of every unit: a section's, or in the year's bulletin a period's."""

    key: str
    """The section's slug or the period's name."""
    title: Words


class Row(NamedTuple):
    """One unit; `total` is that of the year so far (四.2)."""

    rank: int | None
    unit: str
    name: str
    within: str | None
    """The group or type whose units are ranked among each other, where the measure does so."""
    points: Decimal
    """Figure that orders the rows: the score, or the score with the sections beside it."""
    score: Decimal
    figures: Mapping[str, Decimal]
    """By the key of a column; a period that had not begun is left out."""
    before: Decimal | None
    """The score of the period before; None for the first of a year, for a year, and while the
    period runs: a part of it is not compared."""
    total: Decimal
    flags: tuple[str, ...]
    band: str | None
    carried: tuple[int, ...]
    """The numbers of the periods shown that were published before the ledger began."""
    first: date | None
    """The first day on which the unit is assessed, where it is not the first shown."""
    last: date | None
    year_rank: int | None = None
    """Of the last period of a year that is over: the rank by the year's total."""
    year_figures: Mapping[str, Decimal] | None = None
    """Of the same: the points of the sections of the year; None of any other period."""


Manner = Literal["points", "lacking", "floor", "cap", "carried"]
"""Origin of points: a clause, what lacks of its full points, the cut of a floor or a cap, or a
period carried as published."""


Causes = tuple[tuple[str, int], ...]
"""Templates of the workings of deductions, as of late reports, and how many each has."""


class Part(NamedTuple):
    """A part that a unit bears of what is split among several, and how often it bears one."""

    words: Words
    """As what it bears it: 人员稳控单位."""
    factor: Decimal
    times: int


class Share(NamedTuple):
    """One unit's signed points under a clause, and the number of its postings, cuts apart."""

    name: str
    points: Decimal
    times: int
    parts: tuple[Part, ...] = ()
    """Where points were split between the liable unit and another."""
    causes: Causes = ()
    """Of what it lost."""


class ClausePoints(NamedTuple):
    """The points of a clause or section by unit, the most points first, then by unit id."""

    clause: str
    manner: Manner
    section: str
    citation: str
    title: str
    shares: tuple[Share, ...]
    causes: Causes = ()
    """Of all deductions."""
    full: Decimal | None = None
    """The full points of a clause of which it is told what units lack."""
    judged: int = 0
    """The units that were judged under such a clause."""
    missed: tuple[tuple[str, Working], ...] = ()
    """The units that an abnormal batch kept from points, with the special period in question."""

    @property
    def points(self) -> Decimal:
        """Return the points of all units."""
        return sum((share.points for share in self.shares), ZERO)

    @property
    def times(self) -> int:
        """Return the number of postings of all units."""
        return sum(share.times for share in self.shares)


class Fact(NamedTuple):
    """What happened: an entry that a clause judges by itself, with its unit's name."""

    day: date
    name: str
    entry: Entry
    host: str | None = None
    """Of a batch: the name of the host unit, where person and problem are apart (人事分离)."""


class Raised(NamedTuple):
    """A flag of a unit, with the period and clause that raised it first."""

    name: str
    flag: str
    period: YearPeriod | None
    citation: str
    first: Flag
    """The flag that came first; it knows what for."""
    times: int = 1
    """How often it was raised by then."""


class OpenItem(NamedTuple):
    """An open point of a unit by name, with its entry, and the response to that if there is one."""

    name: str
    entry: str | None
    clause: str | None
    answer: str | None


class OpenCount(NamedTuple):
    """Open points of one kind: how many, of which units, and under which clause or section."""

    kind: str
    times: int
    names: tuple[str, ...]
    heading: Heading | None = None
    items: tuple[OpenItem, ...] = ()
    is_earlier: bool = False
    """Whether an earlier period left them."""
    is_counted: bool = False
    """Of undetermined ones: their entries have points, of which a factor alone is open."""


class Restated(NamedTuple):
    """A published figure that differs from the present one."""

    year: int
    period: YearPeriod | None
    """None for the result of a year."""
    edition: int
    name: str
    figure: str
    """`score`, a section or a flag, the last as `true` or `false`; or `left` or `joined`, of a unit
    that the edition had and is scored no longer, or that it had not and is scored now."""
    title: Words | None
    """Of the section or flag."""
    published: str
    present: str


class Bulletin(Struct, frozen=True):
    """A period's or a year's bulletin at the close of a day, as known at a position."""

    name: str
    """Of the period, as 2016Q2, or the year."""
    year: int
    period: YearPeriod | None
    """None for the year's result."""
    starts: date
    ends: date
    through: date
    position: int
    order: str
    """Of the rows: `total`; of periods the measure's `with_beside`, `score` or `none`; or, where
    ranks are to be left out, `unranked`."""
    scored: tuple[Column, ...]
    """Points of the sections that the score adds up."""
    beside: tuple[Column, ...]
    """Points of the sections beside it, which count yearly only."""
    rows: tuple[Row, ...]
    """In the order of the measure; ties share a rank and come by unit id."""
    facts: tuple[Fact, ...]
    """What happened, by day."""
    clauses: tuple[ClausePoints, ...]
    """Clauses with points, in the order of the measure."""
    flags: tuple[Raised, ...]
    undecided: tuple[str, ...]
    """The units that lack no eligibility yet, but may: whether they do is not determined."""
    open: tuple[OpenCount, ...]
    restated: tuple[Restated, ...]
    waiting: tuple[str, ...] = ()
    """Of a year that is not over: the sections whose items nobody has judged yet."""

    @property
    def is_running(self) -> bool:
        """Whether the period or year is not over by the day of the figures."""
        return self.through < self.ends

    @property
    def has_year(self) -> bool:
        """Whether a period's rows have the year's figures too: it is the last, and is over."""
        return any(row.year_figures is not None for row in self.rows)

    def of_sections(self, sections: tuple[str, ...]) -> list[ClausePoints]:
        """Return the clauses of some sections of the score."""
        return [clause for clause in self.clauses if clause.section in sections]
