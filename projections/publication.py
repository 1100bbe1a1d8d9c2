"""Published figures of a period (季度通报, 四.2) or a year, compared with present ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events import FiguresPublished
from ledger.instants import instant_text
from projections.presentation import period_json
from projections.raised import status_json
from projections.scores import PeriodScore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ledger.editions import Edition
    from ledger.state import LedgerState
    from projections.facts import TownYear
    from projections.measure import Measure
    from projections.scores import UnitScore, YearScores


def shown_of(score: UnitScore, number: int | None, town: TownYear) -> PeriodScore | None:
    """Return the figures that a bulletin publishes of a unit; None if the period has none.

    Args:
        score: of the unit.
        number: the period's, from 1; None for the result of the year.
        town: the year.
    """
    if number is None:
        return PeriodScore(0, str(town.year), score.total, score.sections, {})
    return score.period(number)


def figure(score: UnitScore, shown: PeriodScore, measure: Measure) -> dict[str, Any]:
    """Return a unit's figures of a period or year, as they are published."""
    status = status_json(score, shown.number or None, measure)
    return {"unit": score.unit, "name": score.name, **period_json(shown), **status}


def publication(
    state: LedgerState,
    scores: YearScores,
    number: int | None,
    reason: str | None,
    checkpoint: str | None = None,
) -> FiguresPublished:
    """Return the event that publishes a period's figures, or a year's, as the next edition.

    Flags that a later period raised are left out, as the bulletin leaves them out.

    Args:
        state: the ledger as it is now.
        scores: the year's scores at the close of the day that the bulletin shows, with postings.
        number: the period's, from 1, begun by then; None for the result of the year.
        reason: why it replaces the edition before it.
        checkpoint: the ledger's signed checkpoint, where there is one.
    """
    assert state.last_at is not None, "an empty ledger has no figures"
    town = scores.town
    period = None if number is None else town.calendar.period(town.year, number)
    figures = []
    for score in sorted(scores.units, key=lambda score: score.unit):
        shown = shown_of(score, number, town)
        if shown is not None:
            figures.append(figure(score, shown, town.measure))
    return FiguresPublished(
        at=instant_text(state.last_at),
        by="-",
        period=str(town.year) if period is None else period.name,
        position=state.position,
        through=town.through,
        figures=tuple(figures),
        reason=reason,
        checkpoint=checkpoint,
    )


def published_beside(scores: YearScores, state: LedgerState) -> dict[tuple[str, str], Any]:
    """Return published figures that differ from present ones, by unit and period.

    Each names its edition, the position and day that it showed, and the differing fields alone.
    """
    town = scores.town
    names = {str(town.year), *(one.name for one in town.calendar.periods(town.year))}
    found = {name: state.edition(name) for name in names}
    in_force = {name: edition for name, edition in found.items() if edition is not None}
    by_period = {
        name: {state.root(one["unit"]): one for one in edition.event.figures}
        for name, edition in in_force.items()
    }
    beside: dict[tuple[str, str], Any] = {}
    for score in scores.units if by_period else ():
        for shown in (*score.periods, shown_of(score, None, town)):
            assert shown is not None, "a year has figures"
            published = by_period.get(shown.name, {}).get(state.root(score.unit))
            if not published:
                continue
            changed = differing(published, figure(score, shown, town.measure))
            if changed:
                edition = edition_json(in_force[shown.name])
                beside[score.unit, shown.name] = {**edition, **changed}
    return beside


def differing(published: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
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
