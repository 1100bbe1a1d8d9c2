"""Supervised cases (督办件化解), 三（三）1（4）: a reward each where all were resolved in time."""

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
    """Compile the clause: one posting for each case that fell due (points)."""
    slug, over = clause.slug, readings["resolution_rate_over"]
    amount_at = clause.lookup("supervised case resolved", "level")

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        together: dict[object, list[SupervisedCase]] = {}
        for case in unit.supervised_cases:
            together.setdefault(_group(case, over), []).append(case)
        unresolved = {
            key: [case.id for case in group if _in_time(case, town) is None]
            for key, group in together.items()
        }
        for case in unit.supervised_cases:
            key = _group(case, over)
            open_cases = unresolved[key]
            resolution = _in_time(case, town)
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
                    (case.level, resolution.resolved_on, case.due_on, len(together[key])),
                )
                yield Posting(slug, quarter, amount.value, entries, words, (amount,))

    return judge


def _group(case: SupervisedCase, over: str) -> object:
    """Return what the rate of 100 % is taken over, by the reading `resolution_rate_over`."""
    match over:
        case "quarter":
            return quarter_of(case.due_on)
        case "level":
            return quarter_of(case.due_on), case.level
        case _:
            return None


def _in_time(case: SupervisedCase, town: TownYear) -> Resolution | None:
    """Return the earliest resolution of a case, if it was in time."""
    resolutions = town.resolutions.get(case.id, [])
    return resolutions[0] if resolutions and resolutions[0].resolved_on <= case.due_on else None
