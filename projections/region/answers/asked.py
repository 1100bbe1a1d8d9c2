"""What every answer begins with: the loader of a town, and the position up to which it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.application import Ledger
from ledger.positions import position_at
from projections.adopted import Measures
from projections.loader import Loader
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from datetime import date

    from ledger.stores import Store
    from projections.region.messages import YearQuestion


def loader_of(store: Store, today: date) -> Loader:
    """Return a loader that reads a town's events alone, on the asker's day."""
    return Loader(Ledger(store, Measures), lambda: today)


def query_of(question: YearQuestion, store: Store, position: int) -> ScoreQuery:
    """Return what is asked about a year, up to a position or an earlier time."""
    if question.as_of is not None:
        position = min(position, position_at(store, question.as_of))
    return ScoreQuery(question.year, question.through, position, None, question.provisional)
