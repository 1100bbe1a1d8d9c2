"""Answer a question about one town from its open store, by the same fold as every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.application import Ledger
from ledger.decimals import plain
from ledger.positions import position_at
from projections.adopted import Measures
from projections.loader import Loader
from projections.query import ScoreQuery
from projections.region.faults import as_data
from projections.region.messages import (
    CheckQuestion,
    NoQuestion,
    Nothing,
    TownCheck,
    TownScores,
    UnitStanding,
)
from projections.scores import rank_key, ranked_within

if TYPE_CHECKING:
    from ledger.stores import Store
    from projections.facts import TownYear
    from projections.region.messages import Question, ScoreQuestion, Value
    from projections.scores import UnitScore


def answer_to(question: Question, store: Store, position: int) -> Value:
    """Return the answer to a question about a ledger as of a position.

    Raises:
        TallyError: the ledger is damaged, or the question cannot be asked of it.
    """
    if isinstance(question, CheckQuestion):
        return _checked(store)
    if isinstance(question, NoQuestion):
        return Nothing()
    return _scores(question, store, position)


def _scores(question: ScoreQuestion, store: Store, position: int) -> TownScores:
    loader = Loader(Ledger(store, Measures), lambda: question.today)
    if question.as_of is not None:
        position = min(position, position_at(store, question.as_of))
    query = ScoreQuery(question.year, question.through, position, None, question.provisional)
    state, scores = loader.scores(query)
    town = scores.town
    measure = loader.measure(state, town.year, provisional=question.provisional)
    return TownScores(
        town.year,
        town.through,
        measure.measure.id,
        measure.measure.sha256,
        dict(town.readings),
        tuple(_standing(one, town) for one in scores.units),
    )


def _standing(score: UnitScore, town: TownYear) -> UnitStanding:
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


def _checked(store: Store) -> TownCheck:
    from ledger.integrity.keys import load_verifiers  # noqa: PLC0415 - not to score
    from ledger.integrity.note import to_base64  # noqa: PLC0415
    from projections.whole_report import whole_report  # noqa: PLC0415

    report = whole_report(store, store.url, load_verifiers(store.url))
    findings = [as_data(finding.sentence()) for finding in report.findings]
    return TownCheck(to_base64(report.root), tuple(findings), report.size)
