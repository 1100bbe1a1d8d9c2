"""Charts of a score as SVG coordinates: a stacked bar of its parts, a line of its quarters."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from cli.pages.formatting import points_text
from projections.calendar import quarter_name
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.pages.translation import Translator
    from projections.scores import UnitScore

PARTS = ("basic_work", "abnormal_petitions", "inspection", "rewards", "penalties")

_BAR_WIDTH = 300
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 640, 214, 44, 24, 168
_GRID_STEPS = 5, 10, 20, 50, 100, 200, 500, 1000
"""Points between two grid lines; the first step that keeps within the limit is taken."""
_MAX_GRID_LINES = 8
_FULL_SCORE = 20
"""Points that a quarter opens with; the chart reaches at least up to them."""


class Segment(NamedTuple):
    """One part of a score as a rectangle of its bar."""

    part: str
    x: str
    width: str


class ScoreBar(NamedTuple):
    """The parts of a score side by side: gains to the right of zero, losses to its left."""

    segments: list[Segment]
    zero: str
    """x of zero points."""
    description: str
    """The parts in words, for screen readers."""
    width: int = _BAR_WIDTH


class Scale(NamedTuple):
    """A linear scale from points to x coordinates."""

    least: Decimal
    most: Decimal

    def x(self, points: Decimal) -> float:
        """Return the x coordinate of a number of points."""
        span = self.most - self.least
        return float((points - self.least) / span) * _BAR_WIDTH if span else 0.0


def parts_of(score: UnitScore) -> dict[str, Decimal]:
    """Return the parts whose sum is the total, in points; penalties are negative."""
    return {
        "basic_work": sum((quarter.basic_work for quarter in score.quarters), ZERO),
        "abnormal_petitions": sum((quarter.abnormal_petitions for quarter in score.quarters), ZERO),
        "inspection": score.inspection,
        "rewards": score.rewards,
        "penalties": -score.penalties,
    }


def scale_for(scores: Sequence[UnitScore]) -> Scale:
    """Return a scale that the bar of every unit fits in."""
    parts = [parts_of(score).values() for score in scores]
    gains = [sum((one for one in of_unit if one > 0), ZERO) for of_unit in parts]
    losses = [sum((one for one in of_unit if one < 0), ZERO) for of_unit in parts]
    return Scale(min([*losses, ZERO]), max([*gains, ZERO]))


def score_bar(score: UnitScore, scale: Scale, translate: Translator) -> ScoreBar:
    """Return the bar of a score."""
    right, left, segments = ZERO, ZERO, []
    parts = parts_of(score)
    for part, points in parts.items():
        if points > 0:
            start, right = right, right + points
        elif points < 0:
            start = left = left + points
        else:
            continue
        x, end = scale.x(start), scale.x(start + abs(points))
        segments.append(Segment(part, f"{x:.1f}", f"{end - x:.1f}"))
    words = (f"{translate.heading(part)} {points_text(points)}" for part, points in parts.items())
    return ScoreBar(segments, f"{scale.x(ZERO):.1f}", ", ".join(words))


class Marker(NamedTuple):
    """A quarter in the line chart."""

    x: str
    y: str
    label: str
    label_below: bool
    """True if the label is below the marker, because the line runs above it."""
    quarter: str


class LineChart(NamedTuple):
    """The scores of a year's quarters as a line."""

    width: int
    height: int
    left: int
    markers: list[Marker]
    polyline: str
    grid_lines: list[tuple[str, str]]
    """(y, points) of each horizontal line."""


def line_chart(score: UnitScore, year: int) -> LineChart:
    """Return the line chart of a unit's quarters."""
    values = [quarter.score for quarter in score.quarters]
    least, most = min([ZERO, *values]), max([Decimal(_FULL_SCORE), *values])
    fitting = (one for one in _GRID_STEPS if (most - least) / one <= _MAX_GRID_LINES)
    grid_step = next(fitting, _GRID_STEPS[-1])
    low, high = floor(least / grid_step) * grid_step, ceil(most / grid_step) * grid_step

    def y(points: float) -> str:
        return f"{_BOTTOM - (points - low) / (high - low) * (_BOTTOM - _TOP):.1f}"

    quarter_width = (_WIDTH - _LEFT) / 4
    markers = [
        Marker(
            f"{_LEFT + quarter_width * (quarter.quarter - 0.5):.1f}",
            y(float(quarter.score)),
            points_text(quarter.score),
            _is_valley(values, quarter.quarter - 1),
            quarter_name(year, quarter.quarter),
        )
        for quarter in score.quarters
    ]
    polyline = " ".join(f"{marker.x},{marker.y}" for marker in markers)
    grid = [(y(points), points_text(Decimal(points))) for points in range(low, high + 1, grid_step)]
    return LineChart(_WIDTH, _HEIGHT, _LEFT, markers, polyline, grid)


def _is_valley(values: list[Decimal], at: int) -> bool:
    """Return whether no neighbour is lower than a value and at least one is higher."""
    neighbours = values[max(at - 1, 0) : at] + values[at + 1 : at + 2]
    return bool(neighbours) and min(neighbours) >= values[at] < max(neighbours)
