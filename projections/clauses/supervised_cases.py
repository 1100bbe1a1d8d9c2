"""Supervised cases (督办件化解), 三（三）1（4）: reward points.

A case is rewarded if it and all other cases of its group were resolved by their due dates
(到期化解率达到100%). The reading `resolution_rate_over` defines the groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Series
from projections.calendar import quarter_of
from projections.postings import ZERO, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries import SupervisedCase
    from projections.clauses import Judge
    from projections.facts import Resolution, TownYear, UnitYear
    from projections.rulebook import Clause


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for each case that fell due."""
    slug, grouping = clause.slug, readings["resolution_rate_over"]
    amount_at = clause.lookup("supervised case resolved", "level")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        groups: dict[object, list[SupervisedCase]] = {}
        for case in unit.supervised_cases:
            groups.setdefault(_group(case, grouping), []).append(case)
        unresolved = {
            key: [case.id for case in group if _timely_resolution(case, town) is None]
            for key, group in groups.items()
        }
        for case in unit.supervised_cases:
            key = _group(case, grouping)
            open_cases = unresolved[key]
            resolution = _timely_resolution(case, town)
            entries = (case.id,) if resolution is None else (case.id, resolution.id)
            quarter = quarter_of(case.due_on)
            if resolution is None:
                words = Working("not resolved by {}", (case.due_on,))
                yield Posting(slug, quarter, ZERO, entries, words)
            elif open_cases:
                words = Working(
                    "resolved on {}, but not all that fell due with it were: {}",
                    (resolution.resolved_on, Series(open_cases)),
                )
                yield Posting(slug, quarter, ZERO, (*entries, *open_cases), words)
            else:
                amount = amount_at(case.level)
                words = Working(
                    "{} case resolved on {}, due {}, as were all {} that fell due with it",
                    (case.level, resolution.resolved_on, case.due_on, len(groups[key])),
                )
                yield Posting(slug, quarter, amount.value, entries, words, (amount,))

    return judge


def _group(case: SupervisedCase, grouping: str) -> object:
    """Return the key of the group of a case: its quarter, its quarter and level, or the year."""
    match grouping:
        case "quarter":
            return quarter_of(case.due_on)
        case "level":
            return quarter_of(case.due_on), case.level
        case _:
            return None


def _timely_resolution(case: SupervisedCase, town: TownYear) -> Resolution | None:
    """Return the earliest resolution of a case; None if there is none by the due date."""
    resolutions = town.resolutions.get(case.id, [])
    return resolutions[0] if resolutions and resolutions[0].resolved_on <= case.due_on else None
