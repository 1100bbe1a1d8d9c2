"""JSON of scores, as the contract defines it: exact decimals are text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.decimals import plain
from projections.calendar import quarter_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from projections.postings import OpenPoint
    from projections.scores import QuarterScore, UnitScore, YearScores


def open_json(point: OpenPoint) -> dict[str, str | None]:
    """Return one open point."""
    return {"kind": point.kind, "entry": point.entry, "clause": point.clause}


def quarter_json(quarter: QuarterScore, year: int) -> dict[str, str]:
    """Return one quarter of one unit."""
    return {
        "quarter": quarter_name(year, quarter.quarter),
        "score": plain(quarter.score),
        "basic_work": plain(quarter.basic_work),
        "abnormal_petitions": plain(quarter.abnormal_petitions),
        "rewards": plain(quarter.rewards),
        "penalties": plain(quarter.penalties),
    }


def unit_json(score: UnitScore, year: int) -> dict[str, Any]:
    """Return one unit's year."""
    return {
        "unit": score.unit,
        "name": score.name,
        "rank": score.rank,
        "total": plain(score.total),
        "quarters": [quarter_json(quarter, year) for quarter in score.quarters],
        "inspection": plain(score.inspection),
        "rewards": plain(score.rewards),
        "penalties": plain(score.penalties),
        "disqualified": score.disqualified,
        "vetoed": score.vetoed,
        "eligible": score.eligible,
        "open": [open_json(point) for point in score.open],
    }


def scores_json(
    scores: YearScores,
    units: Iterable[UnitScore] | None = None,
    *,
    measure: Mapping[str, Any] | None = None,
    provisional: bool = False,
    known_at: str | None = None,
    beside: Mapping[tuple[str, str], Any] | None = None,
) -> dict[str, Any]:
    """Return the scores of a year, with their day and position.

    Args:
        scores: the scores of the whole town.
        units: the units to show; all by default.
        measure: the measure in force: id, SHA-256, position of its adoption.
        provisional: whether unverified entries count too.
        known_at: the recorded time of the last event that counts.
        beside: published figures that differ, by unit and quarter.
    """
    shown = []
    for score in scores.units if units is None else units:
        unit = unit_json(score, scores.town.year)
        for quarter in unit["quarters"]:
            published = (beside or {}).get((score.unit, quarter["quarter"]))
            if published is not None:
                quarter["published"] = published
        shown.append(unit)
    return {
        "year": scores.town.year,
        "measure": measure,
        "through": scores.town.through.isoformat(),
        "position": scores.position,
        "known_at": known_at,
        "provisional": provisional,
        "units": shown,
    }
