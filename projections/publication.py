"""A period's published figures (季度通报, 四.2) compared with present ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events import FiguresPublished
from ledger.instants import instant_text
from projections.presentation import period_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ledger.state import Edition, LedgerState
    from projections.scores import UnitScore, YearScores


def figure(score: UnitScore, number: int) -> dict[str, Any]:
    """Return a unit's figures for publication: a period and its flags."""
    found = next(one for one in score.periods if one.number == number)
    return {
        "unit": score.unit,
        "name": score.name,
        **period_json(found),
        "flags": list(score.flags),
        "eligible": score.eligible,
    }


def publication(
    state: LedgerState,
    scores: YearScores,
    number: int,
    reason: str | None,
    checkpoint: str | None = None,
) -> FiguresPublished:
    """Return the event that publishes a period's figures as the next edition.

    Args:
        state: the ledger as it is now.
        scores: the year's scores at the close of the day that the bulletin shows.
        number: the period's, from 1, begun by then.
        reason: why it replaces the edition before it.
        checkpoint: the ledger's signed checkpoint, where there is one.
    """
    assert state.last_at is not None, "an empty ledger has no figures"
    town = scores.town
    return FiguresPublished(
        at=instant_text(state.last_at),
        by="-",
        period=town.calendar.period(town.year, number).name,
        position=state.position,
        through=town.through,
        figures=tuple(
            figure(score, number)
            for score in sorted(scores.units, key=lambda score: score.unit)
            if any(one.number == number for one in score.periods)
        ),
        reason=reason,
        checkpoint=checkpoint,
    )


def published_beside(scores: YearScores, state: LedgerState) -> dict[tuple[str, str], Any]:
    """Return published figures that differ from present ones, by unit and period.

    Each names its edition, the position and day that it showed, and the differing fields alone.
    """
    town = scores.town
    names = {one.name for one in town.calendar.periods(town.year)}
    by_period = {
        name: {state.root(one["unit"]): one for one in editions[-1].event.figures}
        for name, editions in state.editions.items()
        if name in names
    }
    beside: dict[tuple[str, str], Any] = {}
    for score in scores.units if by_period else ():
        for period in score.periods:
            published = by_period.get(period.name, {}).get(state.root(score.unit), {})
            differing = _differing(published, figure(score, period.number)) if published else {}
            if differing:
                edition = edition_json(state.editions[period.name][-1])
                beside[score.unit, period.name] = {**edition, **differing}
    return beside


def _differing(published: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Return the published fields that differ, of sections those that do."""
    found: dict[str, Any] = {}
    for key, value in published.items():
        if key in {"unit", "name"} or present[key] == value:
            continue
        if isinstance(value, dict):
            now = present[key]
            found[key] = {slug: was for slug, was in value.items() if now.get(slug) != was}
        else:
            found[key] = value
    return found


def edition_json(edition: Edition) -> dict[str, Any]:
    """Return an edition's number, position and day as JSON has them."""
    through: date = edition.event.through
    return {
        "edition": edition.number,
        "position": edition.event.position,
        "through": through.isoformat(),
    }
