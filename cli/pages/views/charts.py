"""A bar for each part of a score: gains to the right of nought, losses to its left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.pages.views.page import Desk, number
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from projections.scores import UnitScore

BAR_WIDTH = 300
"""Of the drawing, in its own units."""

PARTS = ("basic_work", "abnormal_petitions", "inspection", "rewards", "penalties")


class Bar(NamedTuple):
    """One part of a score as a piece of a row's bar."""

    part: str
    x: str
    width: str


class Scale(NamedTuple):
    """How points become lengths: one scale for the page."""

    least: Decimal
    most: Decimal

    def at(self, points: Decimal) -> float:
        """Where so many points are."""
        span = self.most - self.least
        return float((points - self.least) / span) * BAR_WIDTH if span else 0.0


def parts_of(score: UnitScore) -> dict[str, Decimal]:
    """What the total is the sum of; penalties negative."""
    return {
        "basic_work": sum((quarter.basic_work for quarter in score.quarters), ZERO),
        "abnormal_petitions": sum((quarter.abnormal_petitions for quarter in score.quarters), ZERO),
        "inspection": score.inspection,
        "rewards": score.rewards,
        "penalties": -score.penalties,
    }


def scale(scores: Sequence[UnitScore]) -> Scale:
    """One that every unit's bar fits in."""
    parts = [list(parts_of(score).values()) for score in scores]
    gains = [sum((one for one in of_unit if one > 0), ZERO) for of_unit in parts]
    losses = [sum((one for one in of_unit if one < 0), ZERO) for of_unit in parts]
    return Scale(min([*losses, ZERO]), max([*gains, ZERO]))


def bars(score: UnitScore, to: Scale) -> list[Bar]:
    """The parts side by side: gains to the right of nought, losses to its left."""
    right, left, made = ZERO, ZERO, []
    for part, points in parts_of(score).items():
        if not points:
            continue
        start = right if points > 0 else left + points
        x, end = to.at(start), to.at(start + abs(points))
        made.append(Bar(part, f"{x:.1f}", f"{end - x:.1f}"))
        if points > 0:
            right += points
        else:
            left += points
    return made


def in_words(score: UnitScore, desk: Desk) -> str:
    """Return the parts of a score, one after the other."""
    parts = parts_of(score).items()
    return ", ".join(f"{desk.say.title(part)} {number(points)}" for part, points in parts)
