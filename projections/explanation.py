"""Explanation of a score: postings with clause, sentence, entries and working."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from projections.calendar import quarter_name
from projections.postings import ZERO, Flag, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from projections.rulebook import Amount, Rulebook
    from projections.scores import UnitScore, YearScores


class Line(NamedTuple):
    """One posting or flag as it is shown; a flag has zero points."""

    clause: str
    citation: str
    title: str
    text: str
    points: Decimal
    entries: tuple[str, ...]
    working: Working
    read: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A unit's quarter or year: opening points, postings, closing points."""

    unit: str
    name: str
    period: str
    opening: Decimal
    postings: Sequence[Line]
    beside: Sequence[Line]
    """A quarter's rewards and penalties, which are added to the year, not to the quarter."""
    flags: Sequence[tuple[str, Line]]
    open: Sequence[OpenPoint]

    @property
    def closing(self) -> Decimal:
        """Return the opening plus the points of all postings."""
        return self.opening + sum((line.points for line in self.postings), ZERO)


def _line(result: Posting | Flag, rulebook: Rulebook) -> Line:
    clause = rulebook.clauses[result.clause]
    return Line(
        clause.slug,
        clause.citation,
        clause.title.zh,
        clause.sentence.zh,
        result.points if isinstance(result, Posting) else ZERO,
        result.entries,
        result.working,
        result.read,
    )


def explain_quarter(
    score: UnitScore, scores: YearScores, quarter: int, rulebook: Rulebook
) -> Explanation:
    """Explain a quarter of a unit: 20 points, its deductions, and what is beside it."""
    own = {"basic_work", "abnormal_petitions"}
    postings = [posting for posting in score.postings() if posting.quarter == quarter]
    counted = [p for p in postings if rulebook.clauses[p.clause].section in own]
    beside = [p for p in postings if rulebook.clauses[p.clause].section not in own]
    flags = [flag for flag in score.flags() if flag.quarter == quarter]
    period = quarter_name(scores.town.year, quarter)
    return Explanation(
        score.unit,
        score.name,
        period,
        sum((rulebook.openings[section] for section in sorted(own)), ZERO),
        [_line(posting, rulebook) for posting in counted],
        [_line(posting, rulebook) for posting in beside],
        [(flag.flag, _line(flag, rulebook)) for flag in flags],
        [point for point in score.open if point.quarter == quarter],
    )


def explain_year(score: UnitScore, scores: YearScores, rulebook: Rulebook) -> Explanation:
    """Explain the year of a unit: 0 points, quarters, inspection, rewards, penalties."""
    adding = rulebook.adding
    quarters = [
        Line(
            adding.slug,
            adding.citation,
            adding.title.zh,
            adding.sentence.zh,
            quarter.score,
            (),
            Working("score of {}", (quarter_name(scores.town.year, quarter.quarter),)),
        )
        for quarter in score.quarters
    ]
    of_year = {"inspection", "rewards", "penalties"}
    others = [
        _line(posting, rulebook)
        for posting in score.postings()
        if rulebook.clauses[posting.clause].section in of_year
    ]
    return Explanation(
        score.unit,
        score.name,
        str(scores.town.year),
        ZERO,
        [*quarters, *others],
        [],
        [(flag.flag, _line(flag, rulebook)) for flag in score.flags()],
        score.open,
    )
