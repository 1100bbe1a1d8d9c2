"""JSON of scores, as the contract defines it: exact decimals are text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.decimals import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from projections.postings import OpenPoint
    from projections.scores import PeriodScore, UnitScore, YearScores


def open_json(point: OpenPoint) -> dict[str, str | None]:
    """Return one open point."""
    return {"kind": point.kind, "entry": point.entry, "clause": point.clause}


def points_json(points: Mapping[str, Decimal]) -> dict[str, str]:
    """Return points by section."""
    return {slug: plain(value) for slug, value in points.items()}


def period_json(period: PeriodScore) -> dict[str, Any]:
    """Return one period of one unit."""
    return {
        "period": period.name,
        "score": plain(period.score),
        "sections": points_json(period.sections),
        "beside": points_json(period.beside),
    }


def unit_json(score: UnitScore) -> dict[str, Any]:
    """Return one unit's year."""
    found = {
        "unit": score.unit,
        "name": score.name,
        "group": score.group,
        "rank": score.rank,
        "total": plain(score.total),
        "periods": [period_json(period) for period in score.periods],
        "sections": points_json(score.sections),
        "flags": list(score.flags),
        "eligible": score.eligible,
        "open": [open_json(point) for point in score.open],
    }
    return found if score.band is None else {**found, "band": score.band}


def year_head(
    scores: YearScores, measure: Mapping[str, Any], *, provisional: bool
) -> dict[str, Any]:
    """Return what the JSON of a year says first: which year, measure, day and position it is of.

    Args:
        scores: of the year.
        measure: the measure in force: id, SHA-256, position of its adoption.
        provisional: whether unverified entries count too.
    """
    return {
        "year": scores.town.year,
        "measure": measure,
        "through": scores.town.through.isoformat(),
        "position": scores.position,
        "provisional": provisional,
    }


def scores_json(
    scores: YearScores,
    units: Iterable[UnitScore] | None = None,
    *,
    measure: Mapping[str, Any],
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
        beside: published figures that differ, by unit and period.
    """
    shown = []
    for score in scores.units if units is None else units:
        unit = unit_json(score)
        named = {str(scores.town.year): unit, **{one["period"]: one for one in unit["periods"]}}
        for name, part in named.items():
            published = (beside or {}).get((score.unit, name))
            if published is not None:
                part["published"] = published
        shown.append(unit)
    head = year_head(scores, measure, provisional=provisional)
    return {**head, "known_at": known_at, "units": shown}
