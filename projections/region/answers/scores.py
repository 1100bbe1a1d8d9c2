"""Answer how each unit of a town stands in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.decimals import plain
from projections.region.answers.asked import loader_of, query_of
from projections.region.faults import as_data
from projections.region.messages import TownScores, UnitStanding
from projections.scores import rank_key, ranked_within

if TYPE_CHECKING:
    from ledger.stores import Store
    from projections.facts import TownYear
    from projections.region.messages import ScoreQuestion
    from projections.scores import UnitScore


def scores(question: ScoreQuestion, store: Store, position: int) -> TownScores:
    """Return the scores of a town."""
    loader = loader_of(store, question.today)
    state, found = loader.scores(query_of(question, store, position))
    town = found.town
    measure = loader.measure(state, town.year, provisional=question.provisional)
    words = measure.remark()
    return TownScores(
        town.year,
        town.through,
        measure.measure.id,
        measure.measure.sha256,
        dict(town.readings),
        tuple(standing(one, town) for one in found.units),
        () if words is None else (as_data(words),),
    )


def standing(score: UnitScore, town: TownYear) -> UnitStanding:
    """Return a unit's year as it travels."""
    behind, _ = rank_key(score, town)
    return UnitStanding(
        score.unit,
        score.name,
        score.rank,
        plain(score.total),
        score.flags,
        score.eligible,
        score.band,
        len(score.open),
        ranked_within(score, town.measure) or "",
        behind,
    )
