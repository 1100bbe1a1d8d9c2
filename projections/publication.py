"""A quarter's published figures (季度通报, 四.2) compared with present ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events import FLAGS, FiguresPublished
from ledger.instants import instant_text
from projections.calendar import quarter_name
from projections.presentation import quarter_json

if TYPE_CHECKING:
    from datetime import date

    from ledger.state import Edition, LedgerState
    from projections.scores import UnitScore, YearScores


def figure(score: UnitScore, year: int, quarter: int) -> dict[str, Any]:
    """Return a unit's figures for publication: its quarter and its flags."""
    found = next(one for one in score.quarters if one.quarter == quarter)
    return {
        "unit": score.unit,
        "name": score.name,
        **quarter_json(found, year),
        **{flag: getattr(score, flag) for flag in FLAGS},
    }


def publication(
    state: LedgerState,
    scores: YearScores,
    quarter: int,
    reason: str | None,
    checkpoint: str | None = None,
) -> FiguresPublished:
    """Return the event that publishes a quarter's figures as the next edition.

    Args:
        state: the ledger as it is now.
        scores: the year's scores at the close of the day that the bulletin shows.
        quarter: 1 to 4, begun by then.
        reason: why it replaces the edition before it.
        checkpoint: the ledger's signed checkpoint, where there is one.
    """
    name = quarter_name(scores.town.year, quarter)
    assert state.last_at is not None, "an empty ledger has no figures"
    return FiguresPublished(
        at=instant_text(state.last_at),
        by="-",
        quarter=name,
        position=state.position,
        through=scores.town.through,
        figures=tuple(
            figure(score, scores.town.year, quarter)
            for score in sorted(scores.units, key=lambda score: score.unit)
        ),
        reason=reason,
        checkpoint=checkpoint,
    )


def published_beside(scores: YearScores, state: LedgerState) -> dict[tuple[str, str], Any]:
    """Return published figures that differ from present ones, by unit and quarter.

    Each names its edition, the position and day that it showed, and the differing fields alone.
    """
    year = scores.town.year
    by_quarter = {
        name: {state.root(one["unit"]): one for one in editions[-1].event.figures}
        for name, editions in state.editions.items()
        if name.startswith(str(year))
    }
    beside: dict[tuple[str, str], Any] = {}
    for score in scores.units if by_quarter else ():
        for quarter in score.quarters:
            name = quarter_name(year, quarter.quarter)
            published = by_quarter.get(name, {}).get(state.root(score.unit), {})
            present = figure(score, year, quarter.quarter)
            differing = {
                key: value
                for key, value in published.items()
                if key not in {"unit", "name"} and present[key] != value
            }
            if differing:
                beside[score.unit, name] = {
                    **edition_json(state.editions[name][-1]),
                    **differing,
                }
    return beside


def edition_json(edition: Edition) -> dict[str, Any]:
    """Return an edition's number, position and day as JSON has them."""
    through: date = edition.event.through
    return {
        "edition": edition.number,
        "position": edition.event.position,
        "through": through.isoformat(),
    }
