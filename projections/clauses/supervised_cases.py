"""Supervised cases (督办件化解), 三（三）1（4）: a reward each where all were resolved in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Series
from projections.calendar import quarter_of
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import SupervisedCase
    from projections.facts import Resolution, TownYear, UnitYear
    from projections.rulebook import Rulebook

CLAUSE = "supervised-cases"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each case that fell due (points)."""
    together: dict[object, list[SupervisedCase]] = {}
    for case in unit.supervised_cases:
        together.setdefault(_group(case, town), []).append(case)
    for case in unit.supervised_cases:
        group = together[_group(case, town)]
        open_cases = [other.id for other in group if _in_time(other, town) is None]
        resolution = _in_time(case, town)
        entries = (case.id,) if resolution is None else (case.id, resolution.id)
        quarter = quarter_of(case.due_on)
        if resolution is None:
            words = Working("not resolved by {}", (case.due_on,))
            yield Posting(CLAUSE, quarter, ZERO, entries, words)
        elif open_cases:
            words = Working(
                "resolved on {}, but not all that fell due with it were: {}",
                (resolution.resolved_on, Series(open_cases)),
            )
            yield Posting(CLAUSE, quarter, ZERO, (*entries, *open_cases), words)
        else:
            amount = rulebook.amount(CLAUSE, "supervised case resolved", level=case.level)
            words = Working(
                "{} case resolved on {}, due {}, as were all {} that fell due with it",
                (case.level, resolution.resolved_on, case.due_on, len(group)),
            )
            yield Posting(CLAUSE, quarter, amount.value, entries, words, (amount,))


def _group(case: SupervisedCase, town: TownYear) -> object:
    """What the rate of 100 % is taken over (`resolution_rate_over`)."""
    match town.readings["resolution_rate_over"]:
        case "quarter":
            return quarter_of(case.due_on)
        case "level":
            return quarter_of(case.due_on), case.level
        case _:
            return town.year


def _in_time(case: SupervisedCase, town: TownYear) -> Resolution | None:
    """The earliest resolution, if it was in time."""
    resolutions = town.resolutions.get(case.id, [])
    return resolutions[0] if resolutions and resolutions[0].resolved_on <= case.due_on else None
