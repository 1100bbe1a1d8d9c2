"""The waterfall of a unit's year: from what it opens with, clause by clause, to its total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cli.pages.formatting import points_text, sign_class, signed_points
from cli.pages.views.page import Link
from projections.postings import ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    from cli.pages.views.page import PageContext
    from projections.measure.head import Section
    from projections.scores import UnitScore

WIDTH: Final = 300
"""Of the bars, in units of their SVG."""


class Step(NamedTuple):
    """One row: what a clause or a section moves, and the points after it."""

    label: Link
    points: str
    style: str
    """`total`, `minus` or `plus`."""
    balance: str
    x: str
    width: str
    periods: list[tuple[Link, str]]
    """Of a clause, what it moves in each period."""


class _Move(NamedTuple):
    label: Link
    points: Decimal
    periods: list[tuple[Link, str]]


def waterfall(score: UnitScore, context: PageContext) -> list[Step]:
    """Return the steps of a unit's year; their sum is its total."""
    measure, town, translate = context.data.measure, context.data.scores.town, context.translate
    opening = len(score.periods) * sum((one.opening for one in measure.of_a_period), ZERO)
    if town.has_begun:
        opening += sum((one.opening for one in measure.of_the_year), ZERO)
    moves = [one for one in [*_clauses(score, context), *_sections(score, context)] if one.points]
    rest = score.total - opening - sum((one.points for one in moves), ZERO)
    if rest:
        moves.append(_Move(Link(translate.bilingual(measure.adding.title), None), rest, []))
    balances = [opening]
    for move in moves:
        balances.append(balances[-1] + move.points)
    least, most = min(ZERO, *balances), max(ZERO, *balances)

    def step(label: Link, start: Decimal, end: Decimal, style: str, move: _Move | None) -> Step:
        scale = WIDTH / float(most - least or 1)
        low, high = sorted((start, end))
        points = points_text(end) if move is None else signed_points(move.points)
        x, width = float(low - least) * scale, float(high - low) * scale
        periods = [] if move is None else move.periods
        return Step(label, points, style, points_text(end), f"{x:.1f}", f"{width:.1f}", periods)

    steps = [step(Link(translate("Opens at"), None), ZERO, opening, "total", None)]
    for before, move in zip(balances, moves, strict=False):
        style = sign_class(move.points)
        steps.append(step(move.label, before, before + move.points, style, move))
    return [*steps, step(Link(translate("Closes at"), None), ZERO, score.total, "total", None)]


def _by_clause(section: Section, context: PageContext) -> bool:
    """Return whether a section is told clause by clause: of the year, if it opens with points."""
    measure = context.data.measure
    return section in measure.of_a_period or (
        section in measure.of_the_year and bool(section.opening)
    )


def _clauses(score: UnitScore, context: PageContext) -> list[_Move]:
    """Return what each clause, and each section's bound, moves in the periods or the account."""
    measure, links = context.data.measure, context.links
    own = {slug for slug, one in measure.sections.items() if _by_clause(one, context)}
    names = {period.number: period.name for period in score.periods}
    sums: dict[str, dict[int, Decimal]] = {}
    for posting in score.postings():
        if measure.section_under(posting.clause) in own:
            of_clause, number = sums.setdefault(posting.clause, {}), posting.period or 0
            of_clause[number] = of_clause.get(number, ZERO) + posting.points
    order = [*measure.clauses, *measure.sections]
    return [
        _Move(
            Link(
                context.clause_name(measure.heading(slug)),
                links.clause(slug) if slug in measure.clauses else None,
            ),
            sum(sums[slug].values(), ZERO),
            [
                (
                    Link(names[number], links.period(score.unit, names[number])),
                    signed_points(points),
                )
                for number, points in sorted(sums[slug].items())
                if points and number in names
            ],
        )
        for slug in sorted(sums, key=order.index)
    ]


def _sections(score: UnitScore, context: PageContext) -> list[_Move]:
    """Return what each other section of the year adds."""
    return [
        _Move(
            Link(context.translate.bilingual(section.title), f"#{section.slug}"),
            section.told(score.sections[section.slug]),
            [],
        )
        for section in context.data.measure.of_the_year
        if not _by_clause(section, context)
    ]
