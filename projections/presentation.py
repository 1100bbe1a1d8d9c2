"""The contract's JSON of scores: exact decimals as text, keys as others' scripts expect them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.fields import plain
from projections.calendar import quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.postings import OpenPoint
    from projections.scores import UnitScore, YearScores


def open_json(point: OpenPoint) -> dict[str, str | None]:
    """One open point."""
    return {"kind": point.kind, "entry": point.entry, "clause": point.clause}


def unit_json(score: UnitScore, year: int) -> dict[str, Any]:
    """One unit's year."""
    return {
        "unit": score.unit,
        "name": score.name,
        "rank": score.rank,
        "total": plain(score.total),
        "quarters": [
            {
                "quarter": quarter_name(year, quarter.quarter),
                "score": plain(quarter.score),
                "basic_work": plain(quarter.basic_work),
                "abnormal_petitions": plain(quarter.abnormal_petitions),
                "rewards": plain(quarter.rewards),
                "penalties": plain(quarter.penalties),
            }
            for quarter in score.quarters
        ],
        "inspection": plain(score.inspection),
        "rewards": plain(score.rewards),
        "penalties": plain(score.penalties),
        "disqualified": score.disqualified,
        "vetoed": score.vetoed,
        "eligible": score.eligible,
        "open": [open_json(point) for point in score.open],
    }


def scores_json(
    scores: YearScores, units: Iterable[UnitScore] | None = None, *, provisional: bool = False
) -> dict[str, Any]:
    """The scores of a year, of all units or of some; it names what it shows."""
    shown = scores.units if units is None else units
    return {
        "year": scores.town.year,
        "through": scores.town.through.isoformat(),
        "position": scores.position,
        "provisional": provisional,
        "units": [unit_json(score, scores.town.year) for score in shown],
    }
