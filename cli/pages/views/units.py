"""The page of a unit's year, and the page of each of its quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.pages.formatting import points_text, signed_points
from cli.pages.query import MissingError
from cli.pages.views.charts import line_chart, parts_of, scale_for, score_bar
from cli.pages.views.open_points import open_point_rows
from cli.pages.views.page import Link, Page, PageContext
from cli.pages.views.postings import PostingDetails, posting_details
from cli.pages.views.ranking import quarter_cells
from ledger.message import Message
from projections.calendar import quarter_end, quarter_name, quarter_start
from projections.explanation import explain_quarter, explain_year
from projections.postings import ZERO

if TYPE_CHECKING:
    from projections.explanation import Explanation
    from projections.scores import QuarterScore, UnitScore

SECTIONS = "inspection", "rewards", "penalties"
"""The sections whose postings belong to the year, not to a quarter."""


def _sum_text(score: UnitScore) -> str:
    """Return the sum of the total (四.2): 20 + 15.5 + 20 + 17 + 13.4 + 6 − 0 = 91.9."""
    summands = [quarter.score for quarter in score.quarters] + [score.inspection, score.rewards]
    text = "".join(f" {'−' if one < 0 else '+'} {points_text(abs(one))}" for one in summands)
    text = text.removeprefix(" + ").lstrip()
    return f"{text} − {points_text(score.penalties)} = {points_text(score.total)}"


def _flags(explanation: Explanation, context: PageContext) -> list[tuple[str, PostingDetails]]:
    details = posting_details([line for _, line in explanation.flags], context, ZERO)
    names = [context.translate.term(flag) for flag, _ in explanation.flags]
    return list(zip(names, details, strict=True))


def unit_page(context: PageContext, unit_id: str) -> Page:
    """Return the page of a unit's year.

    Raises:
        MissingError: no such unit counts.
    """
    score = context.data.unit(unit_id)
    data, translate = context.data, context.translate
    explanation = explain_year(score, data.scores, data.rulebook)
    sections = []
    for section in SECTIONS:
        lines = [
            line
            for line in explanation.postings
            if line.clause in data.rulebook.clauses
            and data.rulebook.clauses[line.clause].section == section
        ]
        points = signed_points(sum((line.points for line in lines), ZERO))
        details = posting_details(lines, context, ZERO)
        sections.append((section, translate.heading(section), details, points))
    quarters = []
    for quarter, cell in zip(score.quarters, quarter_cells(score, context), strict=False):
        name = quarter_name(data.year, quarter.quarter)
        quarters.append((name, quarter, cell, context.links.quarter(score.unit, name)))
    values = {
        "score": score,
        "total": points_text(score.total),
        "unit_count": len(data.scores.units),
        "chart": line_chart(score, data.year),
        "quarters": quarters,
        "parts": [
            (part, translate.heading(part), points_text(points))
            for part, points in parts_of(score).items()
        ],
        "bar": score_bar(score, scale_for([score]), translate),
        "sum_text": _sum_text(score),
        "adding": data.rulebook.adding,
        "sections": sections,
        "flags": _flags(explanation, context),
        "open": open_point_rows(score.open, score, context),
        "entry": context.links.entry(score.unit),
    }
    title = f"{score.unit} {score.name} · {data.year}"
    return Page("unit.html", title, [context.ranking_link()], values, {"id": unit_id})


def _quarter_score(score: UnitScore, number: int, name: str, context: PageContext) -> QuarterScore:
    for quarter in score.quarters:
        if quarter.quarter == number:
            return quarter
    raise MissingError(
        Message(
            "{name} has not begun on {through}; choose a later day for “through”.",
            name=name,
            through=context.data.scores.town.through,
        )
    )


def quarter_page(context: PageContext, unit_id: str, number: int) -> Page:
    """Return the page of a unit's quarter: its opening, every posting, its closing.

    Raises:
        MissingError: no such unit counts, or the quarter has not begun.
    """
    data = context.data
    score = data.unit(unit_id)
    name = quarter_name(data.year, number)
    quarter = _quarter_score(score, number, name, context)
    explanation = explain_quarter(score, data.scores, number, data.rulebook)
    first_day = quarter_start(data.year, number)
    begun = [quarter_name(data.year, one.quarter) for one in score.quarters]
    values = {
        "score": score,
        "quarter": quarter,
        "name": name,
        "first_day": first_day,
        "last_day": quarter_end(first_day),
        "opening": points_text(explanation.opening),
        "closing": points_text(explanation.closing),
        "postings": posting_details(explanation.postings, context, explanation.opening),
        "beside": posting_details(explanation.beside, context, ZERO),
        "flags": _flags(explanation, context),
        "open": open_point_rows(explanation.open, score, context),
        "published": quarter_cells(score, context)[number - 1],
        "siblings": [(one, context.links.quarter(score.unit, one)) for one in begun],
    }
    unit = Link(f"{score.unit} {score.name}", context.links.unit(score.unit), chinese=True)
    return Page(
        "quarter.html",
        f"{score.unit} {score.name} · {name}",
        [context.ranking_link(), unit],
        values,
        {"unit": unit_id, "quarter": name},
    )
