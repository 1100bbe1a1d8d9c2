"""A unit's year, and each of its quarters, to clause, text and entry."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.query import MissingError
from cli.pages.views.charts import PARTS, bars, in_words, parts_of, scale
from cli.pages.views.open_points import points as open_points
from cli.pages.views.page import Desk, Link, Page, number
from cli.pages.views.postings import shown, signed
from cli.pages.views.ranking import cells
from ledger.message import Message
from projections.calendar import quarter_end, quarter_name, quarter_start
from projections.explanation import explain_quarter, explain_year
from projections.postings import ZERO

if TYPE_CHECKING:
    from projections.explanation import Explanation
    from projections.scores import QuarterScore, UnitScore

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 640, 214, 44, 24, 168
_STEPS = 5, 10, 20, 50, 100, 200, 500, 1000
"""Points between two lines of the drawing: the first that makes no more lines than that."""
_MOST_LINES, _FULL = 8, 20

SECTIONS = "inspection", "rewards", "penalties"


class Dot(NamedTuple):
    """A quarter in the drawing."""

    x: str
    y: str
    label: str
    low: bool
    """Whether its label stands below it, where no line runs."""
    quarter: str
    href: str | None


class Drawing(NamedTuple):
    """The year as a line of quarters."""

    width: int
    height: int
    left: int
    dots: list[Dot]
    path: str
    lines: list[tuple[str, str]]
    """(y, points) of the lines across."""


def _drawing(score: UnitScore, desk: Desk) -> Drawing:
    values = [quarter.score for quarter in score.quarters]
    least, most = min([ZERO, *values]), max([Decimal(_FULL), *values])
    apart = next((one for one in _STEPS if (most - least) / one <= _MOST_LINES), _STEPS[-1])
    low, high = floor(least / apart) * apart, ceil(most / apart) * apart

    def y(points: float) -> str:
        return f"{_BOTTOM - (points - low) / (high - low) * (_BOTTOM - _TOP):.1f}"

    step = (_WIDTH - _LEFT) / 4
    dots = [
        Dot(
            f"{_LEFT + step * (quarter.quarter - 0.5):.1f}",
            y(float(quarter.score)),
            number(quarter.score),
            _is_low(values, quarter.quarter - 1),
            quarter_name(desk.view.year, quarter.quarter),
            desk.links.quarter(score.unit, quarter_name(desk.view.year, quarter.quarter)),
        )
        for quarter in score.quarters
    ]
    lines = [(y(points), number(Decimal(points))) for points in range(low, high + 1, apart)]
    path = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    return Drawing(_WIDTH, _HEIGHT, _LEFT, dots, path, lines)


def _is_low(values: list[Decimal], at: int) -> bool:
    """Whether the line comes down to a quarter and goes up again, as far as it is drawn."""
    beside = values[max(at - 1, 0) : at] + values[at + 1 : at + 2]
    return bool(beside) and min(beside) >= values[at] < max(beside)


def _crumbs(score: UnitScore, desk: Desk, *, to_unit: bool) -> list[Link]:
    ranking = Link(desk.say("Ranking {year}", year=desk.view.year), desk.links.ranking())
    unit = Link(f"{score.unit} {score.name}", desk.links.unit(score.unit), chinese=True)
    return [ranking, unit] if to_unit else [ranking]


def _adding(score: UnitScore) -> str:
    """The total as 四.2 adds it up: 20 + 15.5 + 20 + 17 + 13.4 + 6 − 0 = 91.9."""
    told = [quarter.score for quarter in score.quarters] + [score.inspection, score.rewards]
    sums = "".join(f" {'−' if one < 0 else '+'} {number(abs(one))}" for one in told)
    sums = sums.removeprefix(" + ").lstrip()
    return f"{sums} − {number(score.penalties)} = {number(score.total)}"


def _flags(explanation: Explanation, desk: Desk) -> list[tuple[str, Any]]:
    lines = shown([line for _, line in explanation.flags], desk, ZERO)
    names = [desk.say.term(flag) for flag, _ in explanation.flags]
    return list(zip(names, lines, strict=True))


def unit_page(desk: Desk, unit_id: str) -> Page:
    """A unit's year.

    Raises:
        MissingError: no such unit counts.
    """
    score = desk.view.unit(unit_id)
    rulebook, scores = desk.view.rulebook, desk.view.scores
    explanation = explain_year(score, scores, rulebook)
    sections = []
    for section in SECTIONS:
        lines = [
            line
            for line in explanation.postings
            if line.clause in rulebook.clauses and rulebook.clauses[line.clause].section == section
        ]
        total = sum((line.points for line in lines), ZERO)
        sections.append((section, desk.say.title(section), shown(lines, desk, ZERO), signed(total)))
    parts = parts_of(score).items()
    says = {
        "score": score,
        "total": number(score.total),
        "of": len(scores.units),
        "drawing": _drawing(score, desk),
        "quarters": [
            (quarter, cell, desk.links.quarter(score.unit, quarter_name(scores.town.year, place)))
            for quarter, cell, place in zip(
                score.quarters, cells(score, desk), range(1, 5), strict=False
            )
        ],
        "parts": [(part, desk.say.title(part), number(points)) for part, points in parts],
        "order": PARTS,
        "bars": bars(score, scale([score])),
        "zero": f"{scale([score]).at(ZERO):.1f}",
        "in_words": in_words(score, desk),
        "adding": _adding(score),
        "adding_clause": rulebook.adding,
        "sections": sections,
        "flags": _flags(explanation, desk),
        "open": open_points(score, desk),
        "entry": desk.links.entry(score.unit),
    }
    title = f"{score.unit} {score.name} · {desk.view.year}"
    return Page("unit.html", title, _crumbs(score, desk, to_unit=False), says, {"id": unit_id})


def _begun(score: UnitScore, place: int, name: str, desk: Desk) -> QuarterScore:
    for quarter in score.quarters:
        if quarter.quarter == place:
            return quarter
    raise MissingError(
        Message(
            "{name} has not begun on {through}; choose a later day for “through”.",
            name=name,
            through=desk.view.scores.town.through,
        )
    )


def quarter_page(desk: Desk, unit_id: str, place: int) -> Page:
    """A unit's quarter: what it opened at, every posting, what it closed at.

    Raises:
        MissingError: no such unit counts, or the quarter has not begun.
    """
    score = desk.view.unit(unit_id)
    year = desk.view.year
    name = quarter_name(year, place)
    quarter = _begun(score, place, name, desk)
    explanation = explain_quarter(score, desk.view.scores, place, desk.view.rulebook)
    starts = quarter_start(year, place)
    begun = [quarter_name(year, one.quarter) for one in score.quarters]
    says = {
        "score": score,
        "quarter": quarter,
        "name": name,
        "starts": starts,
        "ends": quarter_end(starts),
        "opening": number(explanation.opening),
        "closing": number(explanation.closing),
        "postings": shown(explanation.postings, desk, explanation.opening),
        "beside": shown(explanation.beside, desk, ZERO),
        "flags": _flags(explanation, desk),
        "open": open_points(score, desk, explanation.open),
        "published": cells(score, desk)[place - 1],
        "others": [(one, desk.links.quarter(score.unit, one), one == name) for one in begun],
    }
    own = {"unit": unit_id, "quarter": name}
    title = f"{score.unit} {score.name} · {name}"
    return Page("quarter.html", title, _crumbs(score, desk, to_unit=True), says, own)
