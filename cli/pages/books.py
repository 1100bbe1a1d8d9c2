"""States and scores of the ledger, cached between requests and never stale."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

from cli.options import OptionError
from cli.pages.year_data import YearData
from cli.session import today
from ledger.message import Message
from projections.calendar import year_of
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from cli.session import Session
    from ledger.state import LedgerState
    from projections.query import ScoreQuery

KEPT_STATES, KEPT_VIEWS = 3, 6
"""How many states and views are cached; with 2,000 units a process takes some 500 MB."""

Kept = TypeVar("Kept")
Point = tuple[bool, int]
"""Whether a state is the newest, and its position. Only the newest changes."""


class Books:
    """An open ledger with a cache of its states and scores."""

    def __init__(self, session: Session) -> None:
        """Take an open session; one thread at a time may use it."""
        self._session = session
        self._states: OrderedDict[Point, LedgerState] = OrderedDict()
        self._years: OrderedDict[Point, tuple[int, ...]] = OrderedDict()
        self._views: OrderedDict[tuple[Any, ...], YearData] = OrderedDict()
        self._newest = session.ledger.state()
        self._head = self._newest.position

    def catch_up(self) -> LedgerState:
        """Return the newest state; drop what was computed from an earlier newest one."""
        self._newest = self._session.ledger.state()
        if self._newest.position != self._head:
            self._head = self._newest.position
            for kept in (self._years, self._views):
                for key in [key for key in kept if _newest(key)]:
                    del kept[key]
        return self._newest

    def point(self, as_of: int | datetime | None, option: str) -> Point:
        """Return the state at a position or a recorded time; call `catch_up` first.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        if as_of is None:
            return True, self._head
        position = as_of if isinstance(as_of, int) else self._session.ledger.position_at(as_of)
        if position > self._head:
            raise OptionError(
                option, Message("the ledger ends at position {head}", head=self._head)
            )
        return position == self._head, position

    def state(self, point: Point) -> LedgerState:
        """Return the entries of a state."""
        ledger, (newest, position) = self._session.ledger, point
        if newest:
            return self._newest
        return _keep(self._states, point, lambda: ledger.state_at(position), KEPT_STATES)

    def years(self, point: Point) -> tuple[int, ...]:
        """Return the years, begun by now, that have entries; else the present one."""
        return _keep(self._years, point, lambda: _years(self.state(point)), KEPT_VIEWS)

    def year_data(self, query: ScoreQuery) -> YearData:
        """Return the year and the state that a query asks for.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        self.catch_up()
        point = self.point(query.as_of, Message("as known on"))
        return self.year_data_at(point, query.year, query.through, provisional=query.provisional)

    def year_data_at(
        self, point: Point, year: int | None, until: date | None, *, provisional: bool
    ) -> YearData:
        """Return a year in a state; by default the latest, to its last day or today."""
        years = self.years(point)
        chosen = years[-1] if year is None else year
        through = until or self._session.default_day(chosen)

        def make() -> YearData:
            state = self.state(point)
            scores = score_year(
                state, self._session.rulebook, chosen, through, provisional=provisional
            )
            data = YearData(self._session, state, scores, years)
            data.provisional = provisional
            return data

        data = _keep(self._views, (point, chosen, through, provisional), make, KEPT_VIEWS)
        data.head = self._head
        return data


def _newest(key: tuple[Any, ...]) -> bool:
    return bool(key[0] if isinstance(key[0], bool) else key[0][0])


def _keep(kept: OrderedDict[Any, Kept], key: Any, make: Callable[[], Kept], most: int) -> Kept:
    """Return the cached value of a key, or make it; evict the least recently used."""
    if key not in kept:
        kept[key] = make()
        while len(kept) > most:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]


def _years(state: LedgerState) -> tuple[int, ...]:
    now = year_of(today())
    effective = Effective(state, provisional=True)
    found = {year_of_entry(life.entry, state, effective) for life in state.entries.values()}
    return tuple(sorted(year for year in found if year is not None and year <= now)) or (now,)
