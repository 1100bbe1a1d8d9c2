"""Flags of a unit as a period's bulletin shows them: without those that came later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.state import LedgerState
    from projections.measure import Measure
    from projections.measure.calendar import YearPeriod
    from projections.postings import Flag
    from projections.scores import UnitScore


def raised_by(score: UnitScore, period: YearPeriod | None, state: LedgerState) -> list[Flag]:
    """Return the flags that a unit had by the end of a period, the earliest first.

    A flag that belongs to no period had been raised if the last of its entries was dated by then.

    Args:
        score: of the unit, with its results.
        period: the period; None for the whole year.
        state: the ledger, for the days of the entries.
    """
    flags = score.raised()
    if period is not None:
        flags = [flag for flag in flags if _had(flag, period, state)]
    return sorted(flags, key=lambda flag: (flag.period is None, flag.period or 0))


def _had(flag: Flag, period: YearPeriod, state: LedgerState) -> bool:
    if flag.period is not None:
        return flag.period <= period.number
    found = [state.get(name) for name in flag.entries]
    days = [None if one is None else one.entry.day() for one in found]
    return all(day is None or day <= period.last for day in days)


def status_json(raised: Iterable[str], measure: Measure) -> dict[str, Any]:
    """Return a unit's flags, in the order of the measure, and whether it is eligible with them."""
    names = set(raised)
    flags = [name for name in measure.flags if name in names]
    return {"flags": flags, "eligible": all(measure.flags[name].eligible for name in flags)}
