"""Explanation of a score: postings with clause, sentence, entries and working."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from projections.postings import ZERO, Flag, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from projections.measure import Amount, Measure
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


class Explanation(Struct, frozen=True):
    """A unit's period or year: opening points, postings, closing points."""

    measure: Measure
    unit: str
    name: str
    period: str
    opening: Decimal
    postings: Sequence[Line]
    beside: Sequence[Line]
    """Postings beside a period's score, which are added to the year."""
    flags: Sequence[tuple[str, Line]]
    open: Sequence[OpenPoint]
    band: str | None = None
    """The band of the year's total; None of a period, and where the measure has none."""
    closed: bool = True
    """Whether the year is over; before, its total lies in the band so far."""

    @property
    def closing(self) -> Decimal:
        """Return the opening plus the points of all postings."""
        return self.opening + sum((line.points for line in self.postings), ZERO)


def _line(result: Posting | Flag, measure: Measure) -> Line:
    heading = measure.heading(result.clause)
    return Line(
        heading.slug,
        heading.citation,
        heading.title.zh,
        heading.sentence.zh,
        result.points if isinstance(result, Posting) else ZERO,
        result.entries,
        result.working,
        result.read,
    )


def explain_period(score: UnitScore, scores: YearScores, number: int) -> Explanation:
    """Explain a period of a unit: its opening points, its postings, and what is beside it."""
    measure = scores.town.measure
    own = {section.slug for section in measure.of_a_period}
    postings = [posting for posting in score.postings() if posting.period == number]
    counted = [p for p in postings if measure.section_under(p.clause) in own]
    beside = [p for p in postings if measure.section_under(p.clause) not in own]
    return Explanation(
        measure,
        score.unit,
        score.name,
        measure.calendar.period(scores.town.year, number).name,
        sum((section.opening for section in measure.of_a_period), ZERO),
        [_line(posting, measure) for posting in counted],
        [_line(posting, measure) for posting in beside],
        [(flag.flag, _line(flag, measure)) for flag in score.raised() if flag.period == number],
        [point for point in score.open if point.period == number],
    )


def explain_year(score: UnitScore, scores: YearScores) -> Explanation:
    """Explain the year of a unit: its periods' scores, and the sections of the year."""
    measure = scores.town.measure
    adding = measure.adding
    periods = [
        Line(
            adding.slug,
            adding.citation,
            adding.title.zh,
            adding.sentence.zh,
            period.score,
            (),
            Working("score of {}", (period.name,)),
        )
        for period in score.periods
    ]
    of_year = {section.slug for section in measure.of_the_year}
    others = [
        _line(posting, measure)
        for posting in score.postings()
        if posting.period is None or measure.section_under(posting.clause) in of_year
    ]
    return Explanation(
        measure,
        score.unit,
        score.name,
        str(scores.town.year),
        sum((one.opening for one in measure.of_the_year if scores.town.has_begun), ZERO),
        [*periods, *others],
        [],
        [(flag.flag, _line(flag, measure)) for flag in score.raised()],
        score.open,
        score.band,
        scores.town.closed,
    )
