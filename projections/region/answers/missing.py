"""Answer what the units of a town owe, and which of its bulletins are due."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.events import PUBLICATION
from ledger.state import LedgerState
from projections.adopted import Measures
from projections.bulletins_due import bulletins_due, carried_periods
from projections.gathering import gather
from projections.obligations import obligations
from projections.region.answers.asked import loader_of, query_of
from projections.region.messages import PeriodDue, TownMissing, UnitOwing

if TYPE_CHECKING:
    from ledger.stores import Store
    from projections.region.messages import MissingQuestion

_STATES = ("late", "missing", "due")


def missing(question: MissingQuestion, store: Store, position: int) -> TownMissing:
    """Return what is owed on the day that the question names, as `tally missing` finds it."""
    loader = loader_of(store, question.today)
    state, measure, query = loader.year(query_of(question, store, position))
    town, found = obligations(state, measure, query)
    of_unit: dict[str, Counter[str]] = {}
    for one in found:
        of_unit.setdefault(one.unit, Counter())[one.state] += 1
    total = sum(of_unit.values(), Counter[str]())
    _, units = gather(state, measure, query.year, query.through, provisional=query.provisional)
    rows = store.rows_of(store.ids_with(PUBLICATION), state.position)
    due = bulletins_due(
        LedgerState().fold(rows, partial=True),
        Measures(state.adoptions),
        query.year,
        # Of a year that ended before the day of the question, the day after it.
        min(question.today, query.through + timedelta(days=1)),
        carried_periods(town, units),
    )
    return TownMissing(
        town.year,
        town.through,
        measure.id,
        measure.sha256,
        {name: total[name] for name in ("in", *_STATES)},
        tuple(
            UnitOwing(unit, *(counts[name] for name in _STATES))
            for unit, counts in of_unit.items()
            if any(counts[name] for name in _STATES)
        ),
        tuple(
            PeriodDue(one.name, one.last, None if one.awaiting is None else one.awaiting.number)
            for one in due
        ),
        len(units),
    )
