"""Remarks beside a unit's figures: why they are not made as those of the other units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from projections.measure.calendar import YearPeriod
    from projections.scores import UnitScore, YearScores


def remarks_of(score: UnitScore, scores: YearScores) -> Iterator[Message]:
    """Yield what is to be said of a unit's year: carried periods, days of assessment."""
    town = scores.town
    periods = [town.calendar.period(town.year, number) for number in score.carried]
    first = score.first if score.first > town.first else None
    yield from remarks(periods, first, score.last if score.last < town.last else None)


def remarks_of_period(score: UnitScore, period: YearPeriod) -> Iterator[Message]:
    """Yield the same of a period in which the unit is assessed."""
    carried = [period] if period.number in score.carried else []
    first = score.first if score.first > period.first else None
    yield from remarks(carried, first, score.last if score.last < period.last else None)


def remarks(carried: list[YearPeriod], first: date | None, last: date | None) -> Iterator[Message]:
    """Yield remarks on periods carried forward, and on days of assessment within what is shown."""
    if carried:
        titles = Series(period.title.text for period in carried)
        yield Message("{periods} carried forward as published", periods=titles)
    if first is not None:
        yield Message("assessed from {day}", day=first)
    if last is not None:
        yield Message("assessed until {day}", day=last)
