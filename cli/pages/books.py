"""The ledger as pages look at it: registers and scores kept between requests, never stale."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cli.options import OptionError, day, moment
from cli.pages.asking import MissingError
from cli.session import today
from ledger.saying import Said, said_by
from projections.calendar import year_of
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.publication import published_beside
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cli.pages.asking import Asked
    from cli.session import Session
    from ledger.register import Register
    from projections.postings import Flag, Posting
    from projections.rulebook import Rulebook
    from projections.scores import UnitScore, YearScores

KEPT_REGISTERS, KEPT_VIEWS = 3, 6
"""States of knowledge kept in memory; a process of 2,000 units takes some 500 MB."""

Kept = TypeVar("Kept")
Point = tuple[bool, int]
"""Whether it is the newest state, and its position: the newest grows, the others never do."""


class Borne(NamedTuple):
    """That an entry bears on a posting or a flag of a unit."""

    unit: UnitScore
    finding: Posting | Flag


class View:
    """One year at the close of a day, as known at a position."""

    def __init__(
        self, session: Session, register: Register, scores: YearScores, years: tuple[int, ...]
    ) -> None:
        """Made by `Books.view`."""
        self._session = session
        self.register, self.scores, self.years = register, scores, years
        self.provisional = False
        self.head = register.position
        """The position that the ledger ends at; a reader may ask for any up to it."""

    @property
    def year(self) -> int:
        """The assessment year."""
        return self.scores.town.year

    @property
    def rulebook(self) -> Rulebook:
        """The measure."""
        return self._session.rulebook

    @cached_property
    def effective(self) -> Effective:
        """Which entries count."""
        return Effective(self.register, provisional=self.provisional)

    @cached_property
    def published(self) -> dict[tuple[str, str], Any]:
        """By unit and quarter, published figures that are others now."""
        return published_beside(self.scores, self.register)

    @cached_property
    def borne(self) -> dict[str, list[Borne]]:
        """By entry, what it bears on."""
        found: dict[str, list[Borne]] = {}
        for score in self.scores.units:
            findings: list[Posting | Flag] = [*score.postings(), *score.flags()]
            for finding in findings:
                for entry in finding.entries:
                    found.setdefault(entry, []).append(Borne(score, finding))
        return found

    @cached_property
    def by_unit(self) -> dict[str, UnitScore]:
        """The score of each unit."""
        return {score.unit: score for score in self.scores.units}

    def standing_unit(self, unit_id: str) -> str | None:
        """The id under which a unit is scored; None where it is not."""
        found = self.effective.standing(unit_id) or unit_id
        return found if found in self.by_unit else None

    def unit(self, unit_id: str) -> UnitScore:
        """The score of a unit, under its present id or one that a correction replaced.

        Raises:
            MissingError: no such unit counts.
        """
        try:
            return self._session.unit(
                self.scores, self.register, unit_id, provisional=self.provisional
            )
        except OptionError as error:
            raise MissingError(said_by(error)) from None


class Books:
    """An open ledger, with what pages have computed of it so far."""

    def __init__(self, session: Session) -> None:
        """On an open session, which one thread at a time may use."""
        self._session = session
        self._registers: OrderedDict[Point, Register] = OrderedDict()
        self._years: OrderedDict[Point, tuple[int, ...]] = OrderedDict()
        self._views: OrderedDict[tuple[Any, ...], View] = OrderedDict()
        self._newest = session.ledger.register()
        self._head = self._newest.position

    def catch_up(self) -> Register:
        """The newest state; what was computed of an earlier newest one is forgotten."""
        self._newest = self._session.ledger.register()
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
        return _keep(self._registers, point, lambda: ledger.register_at(position), KEPT_REGISTERS)

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
