"""The ledger as pages look at it: registers and scores kept between requests, never stale."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

from cli.options import OptionError, day, moment
from cli.pages.view import View
from cli.session import today
from ledger.saying import Said
from projections.calendar import year_of
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cli.pages.asking import Asked
    from cli.session import Session
    from ledger.register import Register

KEPT_REGISTERS, KEPT_VIEWS = 3, 6
"""States of knowledge kept in memory; a process of 2,000 units takes some 500 MB."""

Kept = TypeVar("Kept")
Point = tuple[bool, int]
"""Whether it is the newest state, and its position: the newest grows, the others never do."""


class Books:
    """An open ledger, with what pages have computed of it so far."""

    def __init__(self, session: Session) -> None:
        """On an open session, which one thread at a time may use."""
        self._session = session
        self._registers: OrderedDict[Point, Register] = OrderedDict()
        self._years: OrderedDict[Point, tuple[int, ...]] = OrderedDict()
        self._views: OrderedDict[tuple[Any, ...], View] = OrderedDict()
        self._newest = session.ledger.state()
        self._head = self._newest.position

    def catch_up(self) -> Register:
        """The newest state; what was computed of an earlier newest one is forgotten."""
        self._newest = self._session.ledger.state()
        if self._newest.position != self._head:
            self._head = self._newest.position
            for kept in (self._years, self._views):
                for key in [key for key in kept if _newest(key)]:
                    del kept[key]
        return self._newest

    def point(self, as_of: str | None, option: str) -> Point:
        """Which state a reader means, once caught up.

        Raises:
            OptionError: no position or time of this ledger.
        """
        named = moment(option, as_of)
        if named is None:
            return True, self._head
        position = named if isinstance(named, int) else self._session.ledger.position_at(named)
        if position > self._head:
            raise OptionError(option, Said("the ledger ends at position {head}", head=self._head))
        return position == self._head, position

    def register(self, point: Point) -> Register:
        """The lives of all entries in a state."""
        ledger, (newest, position) = self._session.ledger, point
        if newest:
            return self._newest
        return _keep(self._registers, point, lambda: ledger.state_at(position), KEPT_REGISTERS)

    def years(self, point: Point) -> tuple[int, ...]:
        """The assessment years, begun by now, that entries belong to; at least one."""
        return _keep(self._years, point, lambda: _years(self.register(point)), KEPT_VIEWS)

    def view(self, asked: Asked) -> View:
        """The year and the state that a reader asks for.

        Raises:
            OptionError: the day or the state is none.
        """
        self.catch_up()
        point = self.point(asked.as_of, Said("as known on"))
        until = day("through", asked.through)
        return self.view_at(point, asked.year, until, provisional=asked.provisional)

    def view_at(
        self, point: Point, year: int | None, until: date | None, *, provisional: bool
    ) -> View:
        """A year in a state; the latest one and its last day unless told otherwise."""
        years = self.years(point)
        chosen = years[-1] if year is None else year
        through = until or self._session.default_day(chosen)

        def make() -> View:
            register = self.register(point)
            scores = score_year(
                register, self._session.rulebook, chosen, through, provisional=provisional
            )
            view = View(self._session, register, scores, years)
            view.provisional = provisional
            return view

        view = _keep(self._views, (point, chosen, through, provisional), make, KEPT_VIEWS)
        view.head = self._head
        return view


def _newest(key: tuple[Any, ...]) -> bool:
    return bool(key[0] if isinstance(key[0], bool) else key[0][0])


def _keep(kept: OrderedDict[Any, Kept], key: Any, make: Callable[[], Kept], most: int) -> Kept:
    """What was kept under a key, or made now; the longest unused goes."""
    if key not in kept:
        kept[key] = make()
        while len(kept) > most:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]


def _years(register: Register) -> tuple[int, ...]:
    now = year_of(today())
    effective = Effective(register, provisional=True)
    found = {year_of_entry(life.entry, register, effective) for life in register.lives.values()}
    return tuple(sorted(year for year in found if year is not None and year <= now)) or (now,)
