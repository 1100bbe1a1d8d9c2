"""Ask a region's towns beside the thread of the pages, and keep what came of it for a while."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import closing
from datetime import datetime
from functools import partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from cli.pages.computing import Computation
from ledger.vocabulary import OFFICE_TIME
from projections.region.rollup import RollUp
from projections.region.running import Outcome, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.region.engines.engine import Engine
    from projections.region.messages import Question
    from projections.region.towns import Region

_KEPT = 3
"""Questions whose answers are kept in memory; 2,000 towns of 46 units take some 60 MB."""
_ROLLED_UP = 32
"""Divisions whose roll-ups are kept."""
_FRESH = 60.0
"""Seconds after which the towns are asked again; only those that moved are folded."""


class Answers:
    """What came of a question at a time."""

    def __init__(self, outcome: Outcome) -> None:
        """Take the outcome of all towns."""
        self.outcome = outcome
        self.at = datetime.now(OFFICE_TIME)
        self._until = monotonic() + _FRESH
        self._rolled_up = OrderedDict[tuple[str, int], tuple[Outcome, RollUp]]()

    def is_stale(self) -> bool:
        """Return whether the towns should be asked again."""
        return monotonic() > self._until

    def rolled_up(self, prefix: str, digits: int) -> tuple[Outcome, RollUp]:
        """Return the outcome of a division alone, and its roll-up by so many digits."""
        key = prefix, digits
        if key not in self._rolled_up:
            outcome = self.outcome.within(prefix)
            self._rolled_up[key] = outcome, RollUp(outcome, digits)
            while len(self._rolled_up) > _ROLLED_UP:
                self._rolled_up.popitem(last=False)
        self._rolled_up.move_to_end(key)
        return self._rolled_up[key]


class AskedTowns:
    """The towns of a region, with what they answered lately."""

    def __init__(self, region: Region, make_engine: Callable[[], Engine]) -> None:
        """Take the towns, and what makes the engine that folds them."""
        self.region, self._make_engine = region, make_engine
        self._kept = OrderedDict["Question", Computation[Answers]]()
        self._turn = Lock()

    def answers(self, question: Question) -> Computation[Answers]:
        """Return the answers to a question: kept ones, if they are not stale."""
        kept = self._kept.get(question)
        if kept is None or kept.has_failed() or _is_stale(kept):
            self._kept[question] = Computation(partial(self._ask, question), self._turn)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)[1].abandon()
        self._kept.move_to_end(question)
        return self._kept[question]

    def _ask(self, question: Question) -> Answers:
        with closing(self._make_engine()) as engine:
            return Answers(ask(self.region, question, engine))


def _is_stale(computation: Computation[Answers]) -> bool:
    found = computation.value(0)
    return found is not None and found.is_stale()
