"""Charts of scores as SVG coordinates: bars of parts, a line of periods, a histogram."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import count
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from cli.pages.formatting import points_text
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.pages.views.page import PageContext
    from projections.measure import Measure
    from projections.measure.head import Section
    from projections.scores import UnitScore, YearScores

COLOURS = 8
"""Colours of parts in the style sheet, `part-1` and so on; with more sections they repeat."""

_BAR_WIDTH = 300
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 640, 214, 44, 24, 168
_LEAST_GRID_STEP, _MAX_GRID_LINES = 5, 8
_MAX_FULL_NAMES = 8
"""Most periods that are named with their year below the chart; bounds that a histogram names."""
_BINS_WIDTH, _BASE, _EDGE, _MAX_BINS = 440, 150, 18, 17


class Part(NamedTuple):
    """A section of the score as a part of the total."""

    section: Section
    style: str
    """Its CSS class, which gives the colour."""
    points: Decimal
    """Points added to the total; negative for a section that deducts."""


class Segment(NamedTuple):
    """One part of a score as a rectangle of its bar."""

    style: str
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


def style_of(section: Section, measure: Measure) -> str:
    """Return the CSS class that gives a section its colour."""
    if section.deducts:
        return "part-loss"
    return f"part-{list(measure.sections).index(section.slug) % COLOURS + 1}"


def parts_of(score: UnitScore, measure: Measure) -> list[Part]:
    """Return the parts whose sum is the total: the sections of all periods, those of the year."""
    found = []
    for section in measure.of_a_period:
        points = sum((period.sections[section.slug] for period in score.periods), ZERO)
        found.append(Part(section, style_of(section, measure), points))
    for section in measure.of_the_year:
        points = section.told(score.sections[section.slug])
        found.append(Part(section, style_of(section, measure), points))
    return found


def scale_for(scores: Sequence[UnitScore], measure: Measure) -> Scale:
    """Return a scale that the bar of every unit fits in."""
    parts = [[part.points for part in parts_of(score, measure)] for score in scores]
    gains = [sum((one for one in of_unit if one > 0), ZERO) for of_unit in parts]
    losses = [sum((one for one in of_unit if one < 0), ZERO) for of_unit in parts]
    return Scale(min([*losses, ZERO]), max([*gains, ZERO]))


def score_bar(score: UnitScore, scale: Scale, context: PageContext) -> ScoreBar:
    """Return the bar of a score."""
    right, left, segments, words = ZERO, ZERO, [], []
    for section, style, points in parts_of(score, context.data.measure):
        words.append(f"{context.translate.bilingual(section.title)} {points_text(points)}")
        if points > 0:
            start, right = right, right + points
        elif points < 0:
            start = left = left + points
        else:
            continue
        x, end = scale.x(start), scale.x(start + abs(points))
        segments.append(Segment(style, f"{x:.1f}", f"{end - x:.1f}"))
    return ScoreBar(segments, f"{scale.x(ZERO):.1f}", ", ".join(words))


class Marker(NamedTuple):
    """A period in the line chart."""

    x: str
    y: str
    label: str
    label_below: bool
    """True if the label is below the marker, because the line runs above it."""
    period: str


class LineChart(NamedTuple):
    """The scores of a year's periods as a line."""

    width: int
    height: int
    left: int
    markers: list[Marker]
    polyline: str
    grid_lines: list[tuple[str, str]]
    """(y, points) of each horizontal line."""


def line_chart(score: UnitScore, scores: YearScores) -> LineChart:
    """Return the line chart of a unit's periods; it reaches at least up to what they open with."""
    town = scores.town
    full = sum((section.opening for section in town.measure.of_a_period), ZERO)
    values = [period.score for period in score.periods]
    least, most = min([ZERO, *values]), max([full, *values])
    step = next(one for one in _grid_steps() if (most - least) / one <= _MAX_GRID_LINES)
    low, high = floor(least / step) * step, max(ceil(most / step), floor(least / step) + 1) * step

    def y(points: float) -> str:
        return f"{_BOTTOM - (points - low) / (high - low) * (_BOTTOM - _TOP):.1f}"

    width = (_WIDTH - _LEFT) / town.calendar.count
    with_year = town.calendar.count <= _MAX_FULL_NAMES
    markers = [
        Marker(
            f"{_LEFT + width * (period.number - 0.5):.1f}",
            y(float(period.score)),
            points_text(period.score),
            _is_valley(values, at),
            period.name if with_year else period.name.removeprefix(str(town.year)),
        )
        for at, period in enumerate(score.periods)
    ]
    polyline = " ".join(f"{marker.x},{marker.y}" for marker in markers)
    grid = [(y(points), points_text(Decimal(points))) for points in range(low, high + 1, step)]
    return LineChart(_WIDTH, _HEIGHT, _LEFT, markers, polyline, grid)


class Bin(NamedTuple):
    """The units whose totals lie in one interval, as a bar of a histogram."""

    low: str
    """Points, within the interval."""
    high: str
    """Points, beyond it but for the last one."""
    units: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    """x of its label."""


class Histogram(NamedTuple):
    """How many units have about which total."""

    width: int
    height: int
    base: int
    """y of nought."""
    bins: list[Bin]
    ticks: list[tuple[str, str]]
    """x and points of the bounds that are named."""


def histogram(totals: Sequence[Decimal]) -> Histogram | None:
    """Return the histogram of totals, in at most 16 intervals of round points; None for none."""
    if not totals:
        return None
    least, most = min(totals), max(totals)
    step = next(one for one in _grid_steps() if (most - least) / one < _MAX_BINS - 1)
    low = floor(least / step) * step
    number = max(1, ceil((most - low) / step))
    counts = Counter(min(int((total - low) // step), number - 1) for total in totals)
    inner, highest = (_BINS_WIDTH - 2 * _EDGE) / number, max(counts.values())
    bounds = [points_text(Decimal(low + step * at)) for at in range(number + 1)]
    bins = []
    for at in range(number):
        height = counts[at] / highest * (_BASE - _TOP)
        left = _EDGE + inner * at
        bins.append(
            Bin(
                *(bounds[at], bounds[at + 1], counts[at]),
                *(f"{left + 1:.1f}", f"{_BASE - height:.1f}"),
                *(f"{inner - 2:.1f}", f"{height:.1f}", f"{left + inner / 2:.1f}"),
            )
        )
    every = ceil((number + 1) / _MAX_FULL_NAMES)
    ticks = [(f"{_EDGE + inner * at:.1f}", bounds[at]) for at in range(0, number + 1, every)]
    return Histogram(_BINS_WIDTH, _BASE + _TOP, _BASE, bins, ticks)


def _grid_steps() -> Iterator[int]:
    """Yield the points that may lie between two grid lines: 5, 10, 20, 50, 100 and so on."""
    yield _LEAST_GRID_STEP
    for power in count(1):
        yield from (digit * 10**power for digit in (1, 2, 5))


def _is_valley(values: list[Decimal], at: int) -> bool:
    """Return whether no neighbour is lower than a value and at least one is higher."""
    neighbours = values[max(at - 1, 0) : at] + values[at + 1 : at + 2]
    return bool(neighbours) and min(neighbours) >= values[at] < max(neighbours)
