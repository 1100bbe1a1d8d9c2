"""Flags of a unit as a period's bulletin shows them: without those that came later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from projections.measure import Measure
    from projections.postings import Flag
    from projections.scores import UnitScore


def period_of(flag: Flag, measure: Measure) -> int:
    """Return the number of the period that raised a flag; the last one if it belongs to none."""
    return measure.calendar.count if flag.period is None else flag.period


def flags_by(score: UnitScore, number: int | None, measure: Measure) -> list[str]:
    """Return the flags that a unit had by the end of a period, in the order of the measure.

    Args:
        score: of the unit; its results are not needed.
        number: the period's, from 1; None for the whole year.
        measure: that of the year.
    """
    by_then = measure.calendar.count if number is None else number
    return [flag for flag in score.flags if score.flagged_from[flag] <= by_then]


def raised_by(score: UnitScore, number: int | None, measure: Measure) -> list[Flag]:
    """Return each flag of `flags_by` with its reasons by then, the earliest first."""
    by_then = measure.calendar.count if number is None else number
    flags = [flag for flag in score.raised() if period_of(flag, measure) <= by_then]
    return sorted(flags, key=lambda flag: (flag.period is None, flag.period or 0))


def status_json(score: UnitScore, number: int | None, measure: Measure) -> dict[str, Any]:
    """Return the flags of `flags_by`, and whether the unit is eligible with them."""
    flags = flags_by(score, number, measure)
    return {"flags": flags, "eligible": all(measure.flags[name].eligible for name in flags)}
