"""Sort the postings of a slip: what cost points, what gave some, and what is not counted yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.explanation import explain_period, explain_year
from projections.full_points import full_points_of
from projections.judging import ABOVE, BELOW, OPENING, applies
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.explanation import Line
    from projections.full_points import FullPoints, Remark, Told
    from projections.measure import Clause
    from projections.measure.head import Section
    from projections.postings import OpenPoint
    from projections.scores import UnitScore, YearScores

_WITHIN_FULL = {OPENING.template, "the clause is not for this unit"}
"""Templates of postings that give nothing beside the full points of their section."""

_MISSED = (
    "{} period {} to {}: an abnormal batch",
    "{} period {} to {}: something happened",
    "{} period {} to {}: rewarded already",
    "{} in the way from {} to {}",
    "not resolved by {}",
    "not done by {}",
    "done on {}, but not all that fell due with it were: {}",
    "resolved on {}, but not all that fell due with it were: {}",
    "not done in time: {}",
    "counted once in the year already",
    "counted once in the period already",
)
"""Templates of workings of 0 points by which a reward was not given."""


class Losses(NamedTuple):
    """The postings of a period or year of a unit."""

    lost: Sequence[Told]
    """Those that cost points, the costliest first."""
    got: Sequence[Told]
    """Those that gave points, or might have, the largest first."""
    absent: Sequence[Clause]
    """Items with full points that nothing was counted for, but for those that were not inspected:
    they are judged later, or do not apply to the unit."""
    waiting: Sequence[str]
    """Titles of those that apply, or of a whole section of them."""
    unfit: Sequence[str]
    """Titles of those that do not apply to the unit."""
    remarks: Sequence[Remark]
    """On sections whose full points are more than those of their items."""
    open: Sequence[OpenPoint]
    """The open points: they await an entry, a ruling, an inspection or a verification."""
    is_over: bool
    """True if the period or year had ended by the day of the scores."""


def losses_of(score: UnitScore, scores: YearScores, number: int | None) -> Losses:
    """Return what a period or year cost and gave a unit.

    What is not given of full points is lost; what is given of them is no addition. The year leaves
    to its periods what is told there.

    Args:
        score: of the unit.
        scores: of its year, with postings.
        number: the period's; None for the year.
    """
    town, measure, full = scores.town, scores.town.measure, full_points_of(scores.town)
    last = town.last if number is None else town.calendar.period(town.year, number).last
    explained = explain_year(score, scores) if number is None else explain_period(
        score, scores, number
    )  # fmt: skip
    other = "period" if number is None else "year"
    sections = [one for one in measure.sections.values() if one.of != other]
    slugs = {one.slug for one in sections}
    lines = [
        one
        for one in (*explained.postings, *explained.beside)
        if one.clause != measure.adding.slug and measure.section_under(one.clause) in slugs
    ]
    lost, got = _sorted_out(lines, full)
    counted = {one.clause for one in lines}
    counted |= {one.clause or "" for one in explained.open if one.kind == "not_inspected"}
    absent = list(_absent(sections, full, counted))
    return Losses(
        sorted(lost, key=lambda one: one.points),
        sorted(got, key=lambda one: -one.points),
        absent,
        [*_waiting([one for one in absent if applies(one.applies_to, score)], sections, full)],
        [one.title.zh for one in absent if not applies(one.applies_to, score)],
        [one for one in map(full.remark, sections) if one is not None],
        explained.open,
        town.through >= last,
    )


def _sorted_out(lines: Iterable[Line], full: FullPoints) -> tuple[list[Told], list[Told]]:
    """Return the postings that cost points, and those that gave them or might have."""
    measure = full.measure
    lost: list[Told] = []
    got: list[Told] = []
    for line in lines:
        one, template = full.told(line), line.working.innermost.template
        section = measure.sections[measure.section_under(line.clause)]
        if template in _WITHIN_FULL and full.of_section(section) is not None:
            continue
        if template == BELOW.template or (one.points < 0 and template != ABOVE.template):
            lost.append(one)
        elif one.points or (one.full is None and template in _MISSED):
            got.append(one)
    return lost, got


def _absent(sections: Sequence[Section], full: FullPoints, counted: set[str]) -> Iterator[Clause]:
    """Yield the clauses with full points that have no posting, but for those that are open."""
    known = {one.slug for one in sections if full.of_section(one) is not None}
    for clause in full.measure.clauses.values():
        if clause.section in known and clause.slug not in counted:
            most = full.of_clause(clause)
            if most is not None and most > 0:
                yield clause


def _waiting(
    absent: Sequence[Clause], sections: Sequence[Section], full: FullPoints
) -> Iterator[str]:
    """Yield titles: of a section where none of its items was counted, else of the items."""
    for section in sections:
        titles = [one.title.zh for one in absent if one.section == section.slug]
        whole = [
            one
            for one in full.measure.clauses.values()
            if one.section == section.slug and (full.of_clause(one) or ZERO) > 0
        ]
        yield from [section.title.zh] if titles and len(titles) == len(whole) else titles
