"""The page of a unit's year, and the page of each of its periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.formatting import points_text, signed_points
from cli.pages.query import MissingError
from cli.pages.views.charts import line_chart, parts_of, scale_for, score_bar
from cli.pages.views.margins import EDGE, rows_near_edge
from cli.pages.views.open_points import open_point_rows
from cli.pages.views.page import Link, Page, PageContext
from cli.pages.views.postings import PostingDetails, posting_details
from cli.pages.views.ranking import part_of_year, period_cells, rank_note
from cli.pages.views.waterfall import waterfall
from ledger.message import Message
from projections.explanation import explain_period, explain_year
from projections.postings import ZERO
from projections.scores import ranked_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from projections.explanation import Explanation
    from projections.measure.head import Section
    from projections.scores import PeriodScore, UnitScore


class SectionDetails(NamedTuple):
    """A section of the year with its postings in full."""

    slug: str
    title: str
    points: str
    """Points that it adds to the year, signed; its closing points if it opens with some."""
    opening: str
    """Empty for a section that opens with nothing."""
    postings: list[PostingDetails]


def _sum_text(score: UnitScore, context: PageContext) -> str:
    """Return the sum of the total: 20 + 15.5 + 20 + 17 + 13.4 + 6 − 0 = 91.9."""
    text = ""
    for period in score.periods:
        text += f" {'−' if period.score < 0 else '+'} {points_text(abs(period.score))}"
    for section in context.data.measure.of_the_year:
        points = score.sections[section.slug]
        text += f" {'−' if section.deducts or points < 0 else '+'} {points_text(abs(points))}"
    return f"{text.removeprefix(' + ').lstrip()} = {points_text(score.total)}"


def _flags(explanation: Explanation, context: PageContext) -> list[tuple[str, PostingDetails]]:
    details = posting_details([line for _, line in explanation.flags], context, ZERO)
    names = [context.words.term(flag) for flag, _ in explanation.flags]
    return list(zip(names, details, strict=True))


def _section(
    section: Section, score: UnitScore, explanation: Explanation, context: PageContext
) -> SectionDetails:
    """Return a section of the year with the postings that it is made of."""
    section_of = context.data.measure.section_under
    lines = [line for line in explanation.postings if section_of(line.clause) == section.slug]
    points = score.sections[section.slug]
    shown = points_text(points) if section.opening else signed_points(section.told(points))
    return SectionDetails(
        section.slug,
        context.translate.bilingual(section.title),
        shown,
        points_text(section.opening) if section.opening else "",
        posting_details(lines, context, section.opening),
    )


def _figures(
    sections: Iterable[Section], points: Mapping[str, Decimal], context: PageContext
) -> list[tuple[str, str]]:
    """Return sections with their points, as (title, points)."""
    return [
        (context.translate.bilingual(one.title), points_text(points[one.slug])) for one in sections
    ]


def unit_page(context: PageContext, unit_id: str) -> Page:
    """Return the page of a unit's year.

    Raises:
        MissingError: no such unit counts.
    """
    score = context.data.unit(unit_id)
    data, measure, translate = context.data, context.data.measure, context.translate
    town = data.scores.town
    explanation = explain_year(score, data.scores)
    cells = period_cells(score, context)
    periods = []
    for period in score.periods:
        href = context.links.period(score.unit, period.name)
        periods.append((period, cells[period.number - 1], href))
    values = {
        "score": score,
        "total": points_text(score.total),
        "unit_count": _ranked_beside(score, context),
        "rank_note": rank_note(context),
        "band": context.words.band(score.band, closed=town.closed),
        "group": context.words.group(score.group),
        "type": context.words.unit_type(score.type),
        "part_of_year": part_of_year(score, context),
        "not_assessed": [
            period.name
            for period, cell in zip(town.calendar.periods(town.year), cells, strict=True)
            if not cell.published and cell.now == "–"
        ],
        "awards": any(not flag.eligible for flag in measure.flags.values()),
        "chart": line_chart(score, data.scores) if score.periods else None,
        "has_periods": bool(measure.calendar.count),
        "periods": periods,
        "of_a_period": measure.of_a_period,
        "beside_a_period": measure.beside_a_period,
        "opening": points_text(sum((one.opening for one in measure.of_a_period), ZERO)),
        "parts": [
            (part.style, translate.bilingual(part.section.title), points_text(part.points))
            for part in parts_of(score, measure)
        ],
        "bar": score_bar(score, scale_for([score], measure), context),
        "sum_text": _sum_text(score, context),
        "adding": measure.adding,
        "sections": [_section(one, score, explanation, context) for one in measure.of_the_year],
        "flags": _flags(explanation, context),
        "open": open_point_rows(score.open, score, context),
        "steps": waterfall(score, context),
        "entry": context.links.entry(score.unit),
        "edge": EDGE,
        "margins": rows_near_edge(context, score.unit),
    }
    title = f"{score.unit} {score.name} · {data.year}"
    return Page("unit.html", title, [context.ranking_link()], values, {"id": unit_id})


def _ranked_beside(score: UnitScore, context: PageContext) -> int:
    """Return the number of units that a unit is ranked among."""
    measure = context.data.measure
    within = ranked_within(score, measure)
    return sum(ranked_within(one, measure) == within for one in context.data.scores.units)


def _period_score(score: UnitScore, number: int, context: PageContext) -> PeriodScore:
    found = score.period(number)
    if found is not None:
        return found
    town = context.data.scores.town
    asked = town.calendar.period(town.year, number)
    if asked.first <= town.through:
        words = Message("{unit} is not assessed in {name}.", unit=score.unit, name=asked.name)
        raise MissingError(words)
    raise MissingError(
        Message(
            "{name} has not begun on {through}; choose a later day for “through”.",
            name=asked.name,
            through=town.through,
        )
    )


def period_page(context: PageContext, unit_id: str, number: int) -> Page:
    """Return the page of a unit's period: its opening, every posting, its closing.

    Args:
        context: of the page.
        unit_id: the unit, by any id that it ever had.
        number: the period's, from 1.

    Raises:
        MissingError: no such unit counts, or the period has not begun, or the unit is not assessed
            in it.
    """
    data, measure = context.data, context.data.measure
    score = data.unit(unit_id)
    town = data.scores.town
    span, period = town.calendar.period(town.year, number), _period_score(score, number, context)
    explanation = explain_period(score, data.scores, number)
    values = {
        "score": score,
        "name": period.name,
        "title": context.translate.bilingual(span.title),
        "first_day": span.first,
        "last_day": span.last,
        "figures": _figures(measure.of_a_period, period.sections, context),
        "besides": _figures(measure.beside_a_period, period.beside, context),
        "opening": points_text(explanation.opening),
        "closing": points_text(explanation.closing),
        "postings": posting_details(explanation.postings, context, explanation.opening),
        "beside": posting_details(explanation.beside, context, ZERO),
        "flags": _flags(explanation, context),
        "open": open_point_rows(explanation.open, score, context),
        "cell": period_cells(score, context)[number - 1],
        "siblings": [
            (one.name, context.links.period(score.unit, one.name)) for one in score.periods
        ],
    }
    unit = Link(f"{score.unit} {score.name}", context.links.unit(score.unit), chinese=True)
    return Page(
        "period.html",
        f"{score.unit} {score.name} · {period.name}",
        [context.ranking_link(), unit],
        values,
        {"unit": unit_id, "period": period.name},
    )
